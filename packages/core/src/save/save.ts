/** Saves the outputs of a succeeded task. A file under its final name is always complete. */
import { access, constants, mkdir } from "node:fs/promises"
import { resolve, sep } from "node:path"
import * as Effect from "effect/Effect"
import type { Output, OutputRole } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { DownloadOutputContext } from "./download/downloadOutput.ts"
import { lacksInlineBytes } from "./inlineBytes.ts"
import { listOutputs, outputAt } from "./OutputList.ts"
import type { ListedOutput, OutputList } from "./OutputList.ts"
import type { SavedFile } from "./SavedFile.ts"
import { SaveError } from "./SaveError.ts"
import { withSaveCallbacks } from "./SaveCallbacks.ts"
import { SaveFailure, onDisk } from "./SaveFailure.ts"
import type { ParsedSaveOptions } from "./SaveOptions.ts"
import { saveOutput } from "./saveOutput.ts"
import { unfinishedFolder } from "./unfinishedFolder.ts"
import { fileTarget } from "./target/fileTarget.ts"
import { remoteTarget } from "./target/remoteTarget.ts"

/** What saving needs of the client. */
export type SaveContext<E> = Pick<
  DownloadOutputContext<E>,
  "transport" | "isLocal" | "ownOrigin" | "credentials" | "refresh"
>

/**
 * Creates a folder if it does not exist, and checks that it is writable. Checking `dir/.` first saves a system call, and
 * fails for a file. On Windows it does not: there, creating the lock fails.
 */
const prepareFolder = (dir: string): Promise<void> =>
  access(`${dir}${sep}.`, constants.W_OK).catch(async () => {
    await mkdir(dir, { recursive: true })
    await access(dir, constants.W_OK)
  })

const selectOutputs = (
  { outputs }: TaskSnapshot,
  roles: ParsedSaveOptions["roles"]
): ReadonlyArray<Output> => {
  if (roles === "all") return outputs
  const selected = outputs.filter(({ role }) => (roles ?? ["result"]).includes(role))
  return selected.length === 0 && roles === undefined ? outputs : selected
}

/** Adds to each output the list of all outputs with its role. */
const toListed = (snapshot: TaskSnapshot, outputs: ReadonlyArray<Output>): ReadonlyArray<ListedOutput> => {
  const lists = new Map<OutputRole, OutputList>()
  return outputs.flatMap((output) => {
    const list = lists.get(output.role) ?? listOutputs(snapshot, output.role)
    lists.set(output.role, list)
    return outputAt(list, list.outputs.indexOf(output)) ?? []
  })
}

/** Queries a task again if its snapshot lacks the bytes of inline media. Returns the snapshot itself if that fails. */
const restoreInlineMedia = <E>(
  snapshot: TaskSnapshot,
  refresh: Effect.Effect<TaskSnapshot, E>
): Effect.Effect<TaskSnapshot> =>
  snapshot.outputs.some(lacksInlineBytes)
    ? Effect.match(refresh, {
        onSuccess: (newer) => (newer.outputs.length === 0 ? snapshot : newer),
        onFailure: () => snapshot
      })
    : Effect.succeed(snapshot)

const saveOutputs = Effect.fnUntraced(function* <E>(
  requested: TaskSnapshot,
  { dir: folder, target, roles, timeoutMs, ...options }: ParsedSaveOptions,
  context: SaveContext<E>
) {
  const { ref, status } = requested
  if (status !== "succeeded")
    return yield* Effect.fail(new SaveError({ ref, reason: { _tag: "NotSucceeded", status } }))
  const snapshot = yield* restoreInlineMedia(requested, context.refresh)
  const outputs = selectOutputs(snapshot, roles)
  if (outputs.length === 0)
    return yield* Effect.fail(
      new SaveError({ ref, reason: { _tag: "NoOutput", roles: roles === "all" ? undefined : roles } })
    )
  const dir = resolve(folder ?? unfinishedFolder(process.env))
  yield* Effect.mapError(
    onDisk(dir, () => prepareFolder(dir)),
    ({ reason, cause }) => new SaveError({ ref, reason, cause })
  )
  const outputContext = {
    ...context,
    ...options,
    dir,
    target: target === undefined ? fileTarget(dir) : remoteTarget(target, context.transport, dir)
  }
  const results = yield* Effect.forEach(toListed(snapshot, outputs), (listed) =>
    Effect.result(
      Effect.timeoutOrElse(saveOutput(snapshot, listed, outputContext), {
        duration: timeoutMs,
        orElse: () => Effect.fail(new SaveFailure({ reason: { _tag: "TimedOut", timeoutMs } }))
      })
    )
  )
  const saved = results.flatMap((result) => (result._tag === "Success" ? [result.success] : []))
  const failed = results.find((result) => result._tag === "Failure")
  if (failed === undefined) return saved
  const { reason, cause } = failed.failure
  return yield* Effect.fail(new SaveError({ ref, reason, saved, cause }))
})

/**
 * Saves the outputs of a task, one after another. An output that was saved before is verified, and not downloaded again.
 *
 * If an output cannot be saved, continues with the next one. Then fails with the `SaveError` of the first failure, whose
 * `saved` contains the files that were saved.
 */
export const save = <E>(
  snapshot: TaskSnapshot,
  options: ParsedSaveOptions,
  context: SaveContext<E>
): Effect.Effect<ReadonlyArray<SavedFile>, SaveError> =>
  withSaveCallbacks(options, (callbacks) => saveOutputs(snapshot, { ...options, ...callbacks }, context))

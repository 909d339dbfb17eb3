/** Saves the outputs of a succeeded task. A file under its final name is always complete. */
import { access, constants, mkdir } from "node:fs/promises"
import { resolve, sep } from "node:path"
import * as Effect from "effect/Effect"
import type { DurationInput } from "../task/duration.ts"
import { parseDuration } from "../task/duration.ts"
import type { Output, OutputRole } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { DownloadOutputContext } from "./download/downloadOutput.ts"
import { lacksInlineBytes } from "./inlineBytes.ts"
import { listOutputs, outputAt } from "./OutputList.ts"
import type { ListedOutput, OutputList } from "./OutputList.ts"
import type { SavedFile } from "./SavedFile.ts"
import { SaveError } from "./SaveError.ts"
import { SaveFailure, onDisk } from "./SaveFailure.ts"
import { saveOutput } from "./saveOutput.ts"
import { fileTarget } from "./target/fileTarget.ts"

/** Options of `save`. */
export interface SaveOptions {
  /** The folder to save into. Created if it does not exist. */
  readonly dir: string
  /**
   * Which outputs to save.
   *
   * @default ["result"], or all outputs if the task has no output with that role
   */
  readonly roles?: ReadonlyArray<OutputRole> | "all" | undefined
  /** Whether to replace a file of the same name that is not this output. @default false */
  readonly overwrite?: boolean | undefined
  /** Maximum size of a file, in bytes. @default 8 GiB */
  readonly maxBytes?: number | undefined
  /**
   * Maximum number of consecutive attempts that receive no new byte. An attempt that starts again from the beginning
   * counts as one. With the default, a file server that is down is given up after about half a minute.
   *
   * @default 8
   */
  readonly attempts?: number | undefined
  /** Time limit for each file. @default "1 hour" */
  readonly timeout?: DurationInput | undefined
  /**
   * Minimum speed in bytes per second, measured over 30 seconds. A slower connection is closed, and the download resumes
   * on a new one.
   *
   * @default 1024
   */
  readonly minSpeed?: number | undefined
  /**
   * Called after each failed attempt that is followed by another. That includes the attempt of another process that was
   * killed or does not respond, whose download is taken over.
   */
  readonly onRetry?: ((ref: string, reason: string) => void) | undefined
  /** Called once for each other process that is saving an output of the task, before waiting for it. */
  readonly onWait?: ((ref: string, message: string) => void) | undefined
}

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

const selectOutputs = ({ outputs }: TaskSnapshot, roles: SaveOptions["roles"]): ReadonlyArray<Output> => {
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

const parseTimeout = (timeout: DurationInput): number => {
  const timeoutMs = parseDuration(timeout)
  if (timeoutMs === undefined)
    throw new TypeError(
      `Invalid timeout ${JSON.stringify(timeout)}: expected milliseconds, or text such as "10 minutes".`
    )
  return timeoutMs
}

/**
 * Saves the outputs of a task, one after another. An output that was saved before is verified, and not downloaded again.
 *
 * If an output cannot be saved, continues with the next one. Then fails with the `SaveError` of the first failure, whose
 * `saved` contains the files that were saved.
 */
export const save = <E>(
  requested: TaskSnapshot,
  options: SaveOptions,
  context: SaveContext<E>
): Effect.Effect<ReadonlyArray<SavedFile>, SaveError> =>
  Effect.gen(function* () {
    const { ref, status } = requested
    if (status !== "succeeded")
      return yield* Effect.fail(new SaveError({ ref, reason: { _tag: "NotSucceeded", status } }))
    const snapshot = yield* restoreInlineMedia(requested, context.refresh)
    const { roles, timeout = "1 hour" } = options
    const outputs = selectOutputs(snapshot, roles)
    if (outputs.length === 0)
      return yield* Effect.fail(
        new SaveError({ ref, reason: { _tag: "NoOutput", roles: roles === "all" ? undefined : roles } })
      )
    const timeoutMs = parseTimeout(timeout)
    const dir = resolve(options.dir)
    yield* Effect.mapError(
      onDisk(dir, () => prepareFolder(dir)),
      ({ reason, cause }) => new SaveError({ ref, reason, cause })
    )
    const outputContext = {
      ...context,
      dir,
      target: fileTarget(dir),
      overwrite: options.overwrite ?? false,
      maxBytes: options.maxBytes ?? 8 * 1024 ** 3,
      minSpeed: options.minSpeed ?? 1024,
      attempts: options.attempts ?? 8,
      onRetry: options.onRetry,
      onWait: options.onWait
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

import { TaskFailed, isTerminal } from "@gentask/core"
import type { TaskSnapshot, TerminalSnapshot } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import { flag, option, shellCommand } from "../../output/shellCommand.ts"
import { resolveTasks } from "../../tasks/resolveTasks.ts"
import { saveConcurrency, saveOutputs } from "../../tasks/saveOutputs.ts"
import { savePlaceOf } from "../../targets/savePlaceOf.ts"
import { TaskSession } from "../../tasks/TaskSession.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"

export interface SaveInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly noLedger: boolean
  readonly out: string | undefined
  readonly to: string | undefined
  readonly all: boolean
  readonly overwrite: boolean
  readonly server: string | undefined
}

const hasFailed = (snapshot: TaskSnapshot): snapshot is TerminalSnapshot =>
  isTerminal(snapshot.status) && snapshot.status !== "succeeded"

/** Saves the outputs of tasks that have succeeded. */
export const runSave: Handler<SaveInput> = Effect.fnUntraced(function* (input: SaveInput) {
  const tasks = yield* resolveTasks(input.refs, {
    noLedger: input.noLedger,
    server: input.server,
    usesLocal: true,
    raw: input.raw
  })
  const { configuration } = tasks
  const dir = input.out ?? (input.to === undefined ? configuration.out : undefined)
  const place = yield* savePlaceOf({ dir, to: input.to }, "--out", configuration)
  if (place === undefined) {
    return yield* new UsageError({
      message:
        "No output folder is set. Add -o DIR or --to TARGET, or set out in gentask.config.json. See gentask save --help."
    })
  }
  const switches = [
    ...flag("--all", input.all),
    ...flag("--overwrite", input.overwrite),
    ...flag("--json", input.json),
    ...flag("--raw", input.raw),
    ...flag("--no-ledger", input.noLedger),
    ...option("--server", input.server)
  ]
  const session = new TaskSession(tasks, {
    json: input.json || input.raw,
    savesFiles: true,
    resumeCommand: (refs) =>
      shellCommand(["save", ...refs, ...option("-o", input.out), ...option("--to", input.to), ...switches])
  })
  const { pending, reporter, screen } = session
  const running: Array<string> = []

  const saveSnapshot = (snapshot: TaskSnapshot): Effect.Effect<void, never, Tasks> => {
    screen.update(snapshot)
    if (hasFailed(snapshot))
      return Effect.sync(() => reporter.failed(snapshot.ref, new TaskFailed(snapshot), snapshot))
    if (snapshot.status !== "succeeded") running.push(snapshot.ref)
    return saveOutputs(session, snapshot, { place, all: input.all, overwrite: input.overwrite })
  }

  const saveOne = (ref: string): Effect.Effect<void, never, Tasks> =>
    Tasks.use(({ query }) => query(ref, { raw: input.raw })).pipe(
      Effect.matchEffect({
        onSuccess: saveSnapshot,
        onFailure: (error) => Effect.sync(() => reporter.failed(ref, error))
      }),
      Effect.andThen(Effect.sync(() => pending.delete(ref)))
    )

  session.reportInvalidRefs()
  yield* session.run(Effect.forEach([...pending], saveOne, { concurrency: saveConcurrency, discard: true }))
  if (running.length > 0)
    session.printResumeCommand(
      shellCommand(["wait", ...running, ...option("--save", dir), ...option("--to", input.to), ...switches])
    )
  return reporter.status
})

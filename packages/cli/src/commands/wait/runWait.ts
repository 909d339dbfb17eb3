import { Tasks } from "@gentask/core/effect"
import type { Settled } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { parseDurationOrSeconds } from "../../duration.ts"
import { flag, option, shellCommand } from "../../output/shellCommand.ts"
import { resolveTasks } from "../../tasks/resolveTasks.ts"
import { saveConcurrency, saveOutputs } from "../../tasks/saveOutputs.ts"
import { TaskSession } from "../../tasks/TaskSession.ts"
import type { Handler } from "../lazyHandler.ts"

export interface WaitInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly noLedger: boolean
  readonly timeout: string | undefined
  readonly interval: string | undefined
  readonly save: string | undefined
  readonly all: boolean
  readonly overwrite: boolean
}

const resumeCommand =
  (input: WaitInput) =>
  (refs: ReadonlyArray<string>): string =>
    shellCommand([
      "wait",
      ...refs,
      ...option("--timeout", input.timeout),
      ...option("--save", input.save),
      ...option("--interval", input.interval),
      ...flag("--all", input.all),
      ...flag("--overwrite", input.overwrite),
      ...flag("--json", input.json),
      ...flag("--raw", input.raw),
      ...flag("--no-ledger", input.noLedger)
    ])

/** Waits until each task has ended, and saves the outputs of those that succeed. */
export const runWait: Handler<WaitInput> = Effect.fnUntraced(function* (input: WaitInput) {
  const tasks = yield* resolveTasks(input.refs, {
    interval: input.interval,
    records: "durations",
    noLedger: input.noLedger
  })
  const session = new TaskSession(tasks, {
    json: input.json || input.raw,
    savesFiles: input.save !== undefined,
    resumeCommand: resumeCommand(input)
  })
  const { pending, reporter } = session
  const timedOut: Array<string> = []

  const finish = (settled: Settled): Effect.Effect<void, never, Tasks> => {
    if (settled.ok && input.save !== undefined) {
      return saveOutputs(session, settled.snapshot, {
        dir: input.save,
        all: input.all,
        overwrite: input.overwrite
      })
    }
    return Effect.sync(() => {
      if (settled.ok) return reporter.snapshot(settled.snapshot)
      if (settled.error._tag === "StillRunning") timedOut.push(settled.ref)
      reporter.failed(settled.ref, settled.error, settled.snapshot)
    })
  }

  session.reportInvalidRefs()
  yield* session.run(
    Tasks.use(({ waitAll }) =>
      waitAll([...pending], {
        timeout: parseDurationOrSeconds(input.timeout ?? tasks.configuration.timeout ?? ""),
        raw: input.raw,
        onUpdate: (snapshot) => reporter.progress(snapshot),
        onPollError: (failure) => reporter.pollFailed(failure)
      }).pipe(
        Stream.mapEffect(
          (settled) =>
            Effect.andThen(
              finish(settled),
              Effect.sync(() => pending.delete(settled.ref))
            ),
          { concurrency: saveConcurrency, unordered: true }
        ),
        Stream.runDrain
      )
    )
  )
  if (timedOut.length > 0) session.printResumeCommand(resumeCommand(input)(timedOut))
  return reporter.status
})

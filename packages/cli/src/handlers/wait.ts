/** Waits for each task, and saves what it made. */
import { Tasks } from "@gentask/core/effect"
import type { Settled } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { askable, prepare } from "../asking.ts"
import { commandLine, flag, option } from "../commandLine.ts"
import type { Handler } from "../commands/lazily.ts"
import type { WaitInput } from "../commands/wait.ts"
import { parseDuration } from "../duration.ts"
import { Report } from "../output/Report.ts"
import { Screen } from "../output/Screen.ts"
import { offerToGoOn, sayHowToGoOn } from "../resuming.ts"

/** How many tasks are saved at once. */
const concurrency = 8

const resumption =
  (input: WaitInput) =>
  (left: ReadonlyArray<string>): string =>
    commandLine([
      "wait",
      ...left,
      ...option("--timeout", input.timeout),
      ...option("--save", input.save),
      ...option("--interval", input.interval),
      ...flag("--all", input.all),
      ...flag("--overwrite", input.overwrite),
      ...flag("--json", input.json),
      ...flag("--raw", input.raw)
    ])

export const handle: Handler<WaitInput> = (input) =>
  Effect.gen(function* () {
    const { listed, layer, configuration } = yield* prepare(input.refs, {
      interval: parseDuration(input.interval ?? ""),
      watches: true
    })
    const screen = new Screen()
    const report = new Report(screen, { json: input.json || input.raw })
    for (const { ref, problem } of listed) if (problem !== undefined) report.failed(ref, problem)
    const open = new Set(askable(listed))
    const late: Array<string> = []
    offerToGoOn(screen, open, resumption(input))
    screen.show([...open])

    const finish = (settled: Settled): Effect.Effect<void, never, Tasks> =>
      Effect.gen(function* () {
        const { ref, snapshot } = settled
        if (!settled.ok) {
          if (settled.error._tag === "StillRunning") late.push(ref)
          report.failed(ref, settled.error, snapshot)
        } else if (input.save === undefined) {
          report.snapshot(settled.snapshot)
        } else {
          screen.note(ref, "saving")
          const tasks = yield* Tasks
          const saved = yield* Effect.result(
            tasks.save(settled.snapshot, {
              dir: input.save,
              roles: input.all ? "all" : undefined,
              overwrite: input.overwrite,
              onRetry: (which, why) => report.retried(which, why)
            })
          )
          if (saved._tag === "Success") report.saved(settled.snapshot, saved.success)
          else report.failed(ref, saved.failure, settled.snapshot)
        }
        open.delete(ref)
      })

    const waiting = Tasks.use((tasks) =>
      tasks
        .waitAll([...open], {
          timeout: parseDuration(input.timeout ?? configuration.timeout ?? ""),
          raw: input.raw,
          onUpdate: (snapshot) => report.progress(snapshot),
          onPollError: (missed) => report.missed(missed)
        })
        .pipe(Stream.mapEffect(finish, { concurrency, unordered: true }), Stream.runDrain)
    )
    yield* Effect.ensuring(
      Effect.provide(waiting, layer),
      Effect.sync(() => screen.close())
    )
    if (late.length > 0) sayHowToGoOn(screen, resumption(input)(late))
    return report.status
  })

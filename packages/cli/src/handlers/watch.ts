/** Tells every change of each task. */
import { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { askable, prepare } from "../asking.ts"
import { commandLine, flag, option } from "../commandLine.ts"
import type { Handler } from "../commands/lazily.ts"
import type { WatchInput } from "../commands/watch.ts"
import { parseDuration } from "../duration.ts"
import { exitStatus } from "../exit.ts"
import { Report } from "../output/Report.ts"
import { Screen } from "../output/Screen.ts"
import { offerToGoOn } from "../resuming.ts"

const bad: ReadonlySet<string> = new Set(["failed", "canceled", "expired"])

export const handle: Handler<WatchInput> = (input) =>
  Effect.gen(function* () {
    const { listed, layer } = yield* prepare(input.refs, {
      interval: parseDuration(input.interval ?? ""),
      watches: true
    })
    const screen = new Screen()
    const report = new Report(screen, { json: input.json || input.raw })
    for (const { ref, problem } of listed) if (problem !== undefined) report.failed(ref, problem)
    const open = new Set(askable(listed))
    offerToGoOn(screen, open, (left) =>
      commandLine([
        "watch",
        ...left,
        ...option("--interval", input.interval),
        ...flag("--json", input.json),
        ...flag("--raw", input.raw)
      ])
    )
    screen.show([...open])
    const watching = Tasks.use((tasks) =>
      Effect.forEach(
        [...open],
        (ref) =>
          tasks.watch(ref, { raw: input.raw, onPollError: (missed) => report.missed(missed) }).pipe(
            Stream.runForEach((snapshot) =>
              Effect.sync(() => {
                report.change(snapshot)
                if (bad.has(snapshot.status)) report.count(exitStatus.taskFailed)
              })
            ),
            Effect.match({
              onSuccess: () => screen.done(ref, ""),
              onFailure: (error) => report.failed(ref, error)
            }),
            Effect.andThen(Effect.sync(() => open.delete(ref)))
          ),
        { concurrency: "unbounded", discard: true }
      )
    )
    yield* Effect.ensuring(
      Effect.provide(watching, layer),
      Effect.sync(() => screen.close())
    )
    return report.status
  })

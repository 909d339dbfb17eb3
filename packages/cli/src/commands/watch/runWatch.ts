import { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { flag, option, shellCommand } from "../../output/shellCommand.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { resolveTasks } from "../../tasks/resolveTasks.ts"
import { TaskSession } from "../../tasks/TaskSession.ts"
import type { Handler } from "../lazyHandler.ts"

export interface WatchInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly noLedger: boolean
  readonly interval: string | undefined
  readonly server: string | undefined
}

const failedStatuses: ReadonlySet<string> = new Set(["failed", "canceled", "expired"])

/** Prints each change of each task. */
export const runWatch: Handler<WatchInput> = Effect.fnUntraced(function* ({
  refs,
  json,
  raw,
  interval,
  noLedger,
  server
}: WatchInput) {
  const tasks = yield* resolveTasks(refs, { interval, records: "durations", noLedger, server, raw })
  const session = new TaskSession(tasks, {
    json: json || raw,
    resumeCommand: (pending) =>
      shellCommand([
        "watch",
        ...pending,
        ...option("--interval", interval),
        ...flag("--json", json),
        ...flag("--raw", raw),
        ...flag("--no-ledger", noLedger),
        ...option("--server", server)
      ])
  })
  const { pending, reporter, screen } = session

  const watchOne = (ref: string): Effect.Effect<void, never, Tasks> =>
    Tasks.use(({ watch }) =>
      watch(ref, { raw, onPollError: (failure) => reporter.pollFailed(failure) }).pipe(
        Stream.runForEach((snapshot) =>
          Effect.sync(() => {
            reporter.change(snapshot)
            if (failedStatuses.has(snapshot.status)) reporter.raiseStatus(exitStatus.taskFailed)
          })
        )
      )
    ).pipe(
      Effect.match({
        onSuccess: () => screen.finish(ref, ""),
        onFailure: (error) => reporter.failed(ref, error)
      }),
      Effect.andThen(Effect.sync(() => pending.delete(ref)))
    )

  session.reportInvalidRefs()
  yield* session.run(Effect.forEach([...pending], watchOne, { concurrency: "unbounded", discard: true }))
  return reporter.status
})

import { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { flag, option, shellCommand } from "../../output/shellCommand.ts"
import { resolveTasks } from "../../tasks/resolveTasks.ts"
import { TaskSession } from "../../tasks/TaskSession.ts"
import type { Handler } from "../lazyHandler.ts"

export interface QueryInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly noLedger: boolean
  readonly server: string | undefined
}

/** How many queries run at the same time. The rate budget of each account also applies. */
const concurrency = 16

/** Queries each task once. Prints the results in the order of the list. */
export const runQuery: Handler<QueryInput> = Effect.fnUntraced(function* ({
  refs,
  raw,
  json,
  noLedger,
  server
}: QueryInput) {
  const tasks = yield* resolveTasks(refs, { noLedger, server, raw })
  const session = new TaskSession(tasks, {
    json: json || raw,
    resumeCommand: (pending) =>
      shellCommand([
        "query",
        ...pending,
        ...flag("--json", json),
        ...flag("--raw", raw),
        ...flag("--no-ledger", noLedger),
        ...option("--server", server)
      ])
  })
  const { pending, reporter } = session
  yield* session.run(
    Tasks.use(({ query }) =>
      Stream.fromIterable(tasks.entries).pipe(
        Stream.mapEffect(
          ({ ref, error }) =>
            Effect.map(
              Effect.result(error === undefined ? query(ref, { raw }) : Effect.fail(error)),
              (result) => ({ ref, result })
            ),
          { concurrency }
        ),
        Stream.runForEach(({ ref, result }) =>
          Effect.sync(() => {
            pending.delete(ref)
            if (result._tag === "Success") reporter.snapshot(result.success)
            else reporter.failed(ref, result.failure)
          })
        )
      )
    )
  )
  return reporter.status
})

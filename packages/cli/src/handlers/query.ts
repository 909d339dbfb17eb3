/** Asks once about each task; the answers come in the order of the list. */
import { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { askable, prepare } from "../asking.ts"
import { commandLine, flag } from "../commandLine.ts"
import type { Handler } from "../commands/lazily.ts"
import type { QueryInput } from "../commands/query.ts"
import { Report } from "../output/Report.ts"
import { Screen } from "../output/Screen.ts"
import { offerToGoOn } from "../resuming.ts"

/** How many questions are under way at once; each account's rate budget holds beside it. */
const concurrency = 16

export const handle: Handler<QueryInput> = ({ refs, raw, json }) =>
  Effect.gen(function* () {
    const { listed, layer } = yield* prepare(refs)
    const screen = new Screen()
    const report = new Report(screen, { json: json || raw })
    const open = new Set(askable(listed))
    offerToGoOn(screen, open, (left) =>
      commandLine(["query", ...left, ...flag("--json", json), ...flag("--raw", raw)])
    )
    screen.show([...open])
    const answers = Tasks.use((tasks) =>
      Stream.fromIterable(listed).pipe(
        Stream.mapEffect(
          ({ ref, problem }) =>
            Effect.map(
              Effect.result(problem === undefined ? tasks.query(ref, { raw }) : Effect.fail(problem)),
              (result) => ({
                ref,
                result
              })
            ),
          { concurrency }
        ),
        Stream.runForEach(({ ref, result }) =>
          Effect.sync(() => {
            open.delete(ref)
            if (result._tag === "Success") report.snapshot(result.success)
            else report.failed(ref, result.failure)
          })
        )
      )
    )
    yield* Effect.ensuring(
      Effect.provide(answers, layer),
      Effect.sync(() => screen.close())
    )
    return report.status
  })

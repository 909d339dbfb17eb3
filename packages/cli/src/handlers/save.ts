/** Saves what tasks made that have succeeded already. */
import { SaveError, TaskFailed, isTerminal } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import type { TaskSnapshot, TerminalSnapshot } from "@gentask/core"
import * as Effect from "effect/Effect"
import { askable, prepare } from "../asking.ts"
import { commandLine, flag, option } from "../commandLine.ts"
import type { Handler } from "../commands/lazily.ts"
import type { SaveInput } from "../commands/save.ts"
import { exitStatus } from "../exit.ts"
import { Report } from "../output/Report.ts"
import { Screen } from "../output/Screen.ts"
import { offerToGoOn, sayHowToGoOn } from "../resuming.ts"
import { UsageError } from "../UsageError.ts"

/** How many tasks are asked about and saved at once. */
const concurrency = 8

const hasFailed = (snapshot: TaskSnapshot): snapshot is TerminalSnapshot =>
  isTerminal(snapshot.status) && snapshot.status !== "succeeded"

const notYet = ({ ref, status }: TaskSnapshot): SaveError =>
  new SaveError({ ref, reason: { _tag: "NotSucceeded", status } })

export const handle: Handler<SaveInput> = (input) =>
  Effect.gen(function* () {
    const { listed, layer, configuration } = yield* prepare(input.refs)
    const dir = input.out ?? configuration.out
    if (dir === undefined) {
      return yield* new UsageError({
        message: "There is no folder to save into. Give one: gentask save REF -o DIR"
      })
    }
    const screen = new Screen()
    const report = new Report(screen, { json: input.json || input.raw })
    for (const { ref, problem } of listed) if (problem !== undefined) report.failed(ref, problem)
    const open = new Set(askable(listed))
    const early: Array<string> = []
    const flags = [
      ...flag("--all", input.all),
      ...flag("--overwrite", input.overwrite),
      ...flag("--json", input.json),
      ...flag("--raw", input.raw)
    ]
    offerToGoOn(screen, open, (left) => commandLine(["save", ...left, ...option("-o", input.out), ...flags]))
    screen.show([...open])

    const saveOutputs = (snapshot: TaskSnapshot): Effect.Effect<void, never, Tasks> =>
      Tasks.use((tasks) =>
        tasks.save(snapshot, {
          dir,
          roles: input.all ? "all" : undefined,
          overwrite: input.overwrite,
          onRetry: (ref, why) => report.retried(ref, why)
        })
      ).pipe(
        Effect.match({
          onSuccess: (files) => report.saved(snapshot, files),
          onFailure: (error) => report.failed(snapshot.ref, error, snapshot)
        })
      )

    const refuse = (snapshot: TaskSnapshot): void => {
      if (hasFailed(snapshot)) return report.failed(snapshot.ref, new TaskFailed(snapshot), snapshot)
      early.push(snapshot.ref)
      report.failed(snapshot.ref, notYet(snapshot), snapshot, exitStatus.stillRunning)
    }

    const judge = (snapshot: TaskSnapshot): Effect.Effect<void, never, Tasks> => {
      screen.told(snapshot)
      if (snapshot.status === "succeeded") {
        screen.note(snapshot.ref, "saving")
        return saveOutputs(snapshot)
      }
      return Effect.sync(() => refuse(snapshot))
    }

    const saveOne = (ref: string): Effect.Effect<void, never, Tasks> =>
      Tasks.use((tasks) => tasks.query(ref, { raw: input.raw })).pipe(
        Effect.matchEffect({
          onSuccess: judge,
          onFailure: (error) => Effect.sync(() => report.failed(ref, error))
        }),
        Effect.andThen(Effect.sync(() => open.delete(ref)))
      )

    yield* Effect.ensuring(
      Effect.provide(Effect.forEach([...open], saveOne, { concurrency, discard: true }), layer),
      Effect.sync(() => screen.close())
    )
    if (early.length > 0) sayHowToGoOn(screen, commandLine(["wait", ...early, "--save", dir, ...flags]))
    return report.status
  })

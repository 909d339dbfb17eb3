import type { CancelResult } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import { jsonLine, oneLine } from "../../output/sanitize.ts"
import { flag, option, shellCommand } from "../../output/shellCommand.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { resolveTasks } from "../../tasks/resolveTasks.ts"
import { TaskSession } from "../../tasks/TaskSession.ts"
import type { Handler } from "../lazyHandler.ts"

export interface CancelInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly noLedger: boolean
  readonly server: string | undefined
}

const concurrency = 8

const descriptions: Readonly<Record<CancelResult["result"], string>> = {
  canceled: "canceled",
  requested: "cancel requested. The task's status says when the vendor has canceled it",
  "too-late": "not canceled: it has ended, or can no longer be canceled"
}

/** Cancels tasks. */
export const runCancel: Handler<CancelInput> = Effect.fnUntraced(function* ({
  refs,
  json,
  noLedger,
  server
}: CancelInput) {
  const tasks = yield* resolveTasks(refs, { noLedger, server, usesLocal: true })
  const session = new TaskSession(tasks, {
    json,
    resumeCommand: (pending) =>
      shellCommand([
        "cancel",
        ...pending,
        ...flag("--json", json),
        ...flag("--no-ledger", noLedger),
        ...option("--server", server)
      ])
  })
  const { pending, reporter, screen } = session

  const report = ({ ref, result, message }: CancelResult): void => {
    if (result === "too-late") reporter.raiseStatus(exitStatus.taskFailed)
    const details = message === null ? "" : ` (${oneLine(message).replace(/\.$/, "")})`
    screen.printData(
      json ? jsonLine({ ref, result, message }) : `${oneLine(ref)}  ${descriptions[result]}${details}`
    )
    screen.finish(ref, result)
  }

  const cancelOne = (ref: string): Effect.Effect<void, never, Tasks> =>
    Tasks.use(({ cancel }) => cancel(ref)).pipe(
      Effect.match({ onSuccess: report, onFailure: (error) => reporter.failed(ref, error) }),
      Effect.andThen(Effect.sync(() => pending.delete(ref)))
    )

  session.reportInvalidRefs()
  yield* session.run(Effect.forEach([...pending], cancelOne, { concurrency, discard: true }))
  return reporter.status
})

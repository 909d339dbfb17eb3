import * as Effect from "effect/Effect"
import { parseDurationOrSeconds } from "../../duration.ts"
import { resolveTasks } from "../../tasks/resolveTasks.ts"
import { TaskSession } from "../../tasks/TaskSession.ts"
import { savePlaceOf } from "../../targets/savePlaceOf.ts"
import { waitForTasks } from "../../tasks/waitForTasks.ts"
import type { Handler } from "../lazyHandler.ts"
import { resumeCommand } from "./WaitInput.ts"
import type { WaitInput } from "./WaitInput.ts"

/** Waits until each task has ended, and saves the outputs of those that succeed. */
export const runWait: Handler<WaitInput> = Effect.fnUntraced(function* (input: WaitInput) {
  const tasks = yield* resolveTasks(input.refs, {
    interval: input.interval,
    records: "durations",
    noLedger: input.noLedger,
    server: input.server,
    usesLocal: true,
    raw: input.raw
  })
  const place = yield* savePlaceOf({ dir: input.save, to: input.to }, "--save", tasks.configuration)
  const session = new TaskSession(tasks, {
    json: input.json || input.raw,
    savesFiles: place !== undefined,
    resumeCommand: resumeCommand(input)
  })
  session.reportInvalidRefs()
  const timedOut = yield* session.run(
    waitForTasks(session, [...session.pending], {
      timeout: parseDurationOrSeconds(input.timeout ?? tasks.configuration.timeout ?? ""),
      raw: input.raw,
      save: place && { place, all: input.all, overwrite: input.overwrite }
    })
  )
  if (timedOut.length > 0) session.printResumeCommand(resumeCommand(input)(timedOut))
  return session.reporter.status
})

/** `gentask watch`: every change of each task, as it happens. */
import * as Command from "effect/cli/Command"
import { lazily } from "./lazily.ts"
import { interval, json, raw, refs } from "./options.ts"

/** What the command line says. */
export interface WatchInput {
  readonly refs: ReadonlyArray<string>
  readonly json: boolean
  readonly raw: boolean
  readonly interval: string | undefined
}

export const watch = Command.make(
  "watch",
  { refs, interval, json, raw },
  lazily<WatchInput>(() => import("../handlers/watch.ts"))
).pipe(
  Command.withDescription("Print every change of each task as it happens, until each has ended"),
  Command.withShortDescription("Print every change of each task"),
  Command.withExamples([
    { command: "gentask watch jimmy:1234", description: "See a task go from queued to its end" },
    {
      command: "gentask watch --json jimmy:1234 | jq .progress",
      description: "Give each change to a program"
    }
  ])
)

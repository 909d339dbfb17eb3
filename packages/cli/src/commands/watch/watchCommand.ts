import * as Command from "effect/cli/Command"
import { interval, jsonFlag, noLedger, raw, refs, server } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

export const watchCommand = Command.make(
  "watch",
  { refs, interval, json: jsonFlag("Print one JSON object per change and line"), raw, noLedger, server },
  lazyHandler(async () => (await import("../taskHandlers.ts")).runWatch)
).pipe(
  Command.withDescription("Print each change of each task, until all tasks have ended"),
  Command.withShortDescription("Print each change of each task"),
  Command.withExamples([
    { command: "gentask watch jimmy:1234", description: "Follow a task from queued to its end" },
    {
      command: "gentask watch --json jimmy:1234 | jq .progress",
      description: "Pass each change to another program"
    }
  ])
)

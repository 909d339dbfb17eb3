import * as Command from "effect/cli/Command"
import { jsonFlag, noLedger, refs, server } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

export const cancelCommand = Command.make(
  "cancel",
  { refs, json: jsonFlag("Print one JSON object per task and line"), noLedger, server },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runCancel)
).pipe(
  Command.withDescription(
    "Cancel tasks, where the vendor can. If it cannot, the task continues, and the vendor charges for it"
  ),
  Command.withShortDescription("Cancel tasks"),
  Command.withExamples([
    { command: "gentask cancel jimmy:1234", description: "Cancel a task" },
    { command: "gentask cancel jimmy:1234 jimmy:1235 --json", description: "Cancel two, and print JSON" },
    {
      command: "gentask list --status queued --json | jq -r .ref | gentask cancel -",
      description: "Cancel all tasks that have not started"
    }
  ])
)

import * as Command from "effect/cli/Command"
import { jsonFlag, optionalArgument } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const intent = optionalArgument(
  "intent",
  "The id of an intent (default: all submits without a known outcome)"
)

export const reconcileCommand = Command.make(
  "reconcile",
  { intent, json: jsonFlag("Print one JSON object per submit and line") },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runReconcile)
).pipe(
  Command.withDescription(
    "Find out whether submits without a known outcome created a task, where the vendor supports such a query. Creates no task"
  ),
  Command.withShortDescription("Find the tasks of submits without a known outcome"),
  Command.withExamples([
    { command: "gentask reconcile", description: "Check all submits without a known outcome" },
    {
      command: "gentask reconcile --json | jq -r '.refs[]' | gentask wait -",
      description: "Wait for the tasks"
    }
  ])
)

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Option from "effect/Option"
import { jsonFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const intent = Argument.String("intent").pipe(
  Argument.withDescription("The id of an intent (default: all submits without a known outcome)"),
  Argument.optional,
  Argument.map(Option.getOrUndefined)
)

export const reconcileCommand = Command.make(
  "reconcile",
  { intent, json: jsonFlag("Print one JSON object per submit and line") },
  lazyHandler(async () => (await import("./runReconcile.ts")).runReconcile)
).pipe(
  Command.withDescription(
    "Find out whether submits without a known outcome created a task, where the vendor can be asked. Creates no task"
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

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { jsonFlag, server } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const ref = Argument.String("ref").pipe(Argument.withDescription("The task ref, as gentask list shows it"))

export const showCommand = Command.make(
  "show",
  { ref, json: jsonFlag("Print one JSON object"), server },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runShow)
).pipe(
  Command.withDescription(
    "Show everything that is recorded about a task: its request, status, outputs, events and saved files. Queries no vendor"
  ),
  Command.withShortDescription("Show a recorded task"),
  Command.withExamples([
    { command: "gentask show jimmy:1234", description: "Show a task" },
    { command: "gentask show jimmy:1234 --json | jq .intent.input", description: "Print its input" }
  ])
)

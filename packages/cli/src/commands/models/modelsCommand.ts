import * as Command from "effect/cli/Command"
import { jsonFlag, optionalArgument } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

export const modelsCommand = Command.make(
  "models",
  {
    account: optionalArgument("account", "Only the models of this account, such as jimmy"),
    model: optionalArgument("model", "Show the fields of this model"),
    json: jsonFlag("Print one JSON object per model and line. That of one model has its JSON Schema")
  },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runModels)
).pipe(
  Command.withDescription(
    "List the models that the providers know, or the fields of one model. Other models can be submitted too, but their input is not checked. Needs no API key"
  ),
  Command.withShortDescription("List the models and their fields"),
  Command.withExamples([
    { command: "gentask models jimmy", description: "List the models of Jimmy AI" },
    { command: "gentask models jimmy gpt-image-2", description: "Show the fields of a model" }
  ])
)

import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { jsonFlag, textFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const id = Argument.String("name").pipe(
  Argument.withDescription("The provider's id, which is the word before the colon in its task refs")
)
const dir = textFlag("dir", "DIR", "Folder of the new package (default: ./gentask-provider-NAME)")
const name = textFlag("name", "PACKAGE", "Name of the npm package (default: gentask-provider-NAME)")
const json = jsonFlag("Print one JSON object with the paths")

const newProviderCommand = Command.make(
  "provider",
  { id, dir, name, json },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runNewProvider)
).pipe(
  Command.withDescription(
    "Create a package that adds a provider for another vendor. It builds and passes its tests, and its README lists what to fill in"
  ),
  Command.withShortDescription("Create a provider package for another vendor"),
  Command.withExamples([
    { command: "gentask new provider acme", description: "Create ./gentask-provider-acme" },
    {
      command: "gentask new provider acme --dir acme --name @me/gentask-acme",
      description: "Create ./acme, with another package name"
    }
  ])
)

export const newCommand = Command.make("new").pipe(
  Command.withDescription("Create a package that extends gentask"),
  Command.withSubcommands([newProviderCommand]),
  Command.withExamples([
    { command: "gentask new provider acme", description: "Create a provider in ./gentask-provider-acme" },
    { command: "gentask new provider --help", description: "Show the options" }
  ])
)

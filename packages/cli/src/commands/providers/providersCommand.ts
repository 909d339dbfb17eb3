import * as Command from "effect/cli/Command"
import { jsonFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

export const providersCommand = Command.make(
  "providers",
  { json: jsonFlag("Print one JSON object per account and line") },
  lazyHandler(async () => (await import("../otherHandlers.ts")).runProviders)
).pipe(
  Command.withDescription(
    "List the providers with their accounts, whether each API key is set, and the media that each provider generates"
  ),
  Command.withShortDescription("List the providers and their API keys"),
  Command.withExamples([
    { command: "gentask providers", description: "See which environment variables to set" },
    {
      command: "gentask providers --json | jq 'select(.key.found)'",
      description: "List the accounts that have an API key"
    }
  ])
)

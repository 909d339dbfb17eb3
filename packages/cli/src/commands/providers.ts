/** `gentask providers`: what can be asked, and what is missing. */
import * as Command from "effect/cli/Command"
import { lazily } from "./lazily.ts"
import { json } from "./options.ts"

/** What the command line says. */
export interface ProvidersInput {
  readonly json: boolean
}

export const providers = Command.make(
  "providers",
  { json },
  lazily<ProvidersInput>(() => import("../handlers/providers.ts"))
).pipe(
  Command.withDescription(
    "List the providers and accounts, whether their keys are found, and what each can do"
  ),
  Command.withShortDescription("List the providers and their keys"),
  Command.withExamples([
    { command: "gentask providers", description: "See which variables to set" },
    {
      command: "gentask providers --json | jq 'select(.key.found)'",
      description: "The accounts that can be asked"
    }
  ])
)

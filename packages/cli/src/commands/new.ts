/** `gentask new provider`: a package for one more vendor. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "./lazily.ts"
import { maybe } from "./options.ts"

/** What the command line says. */
export interface NewProviderInput {
  readonly id: string
  readonly dir: string | undefined
  readonly name: string | undefined
  readonly json: boolean
}

const id = Argument.String("name").pipe(
  Argument.withDescription("The provider's id, the word before the colon of its task refs")
)

const dir = maybe(
  Flag.String("dir").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription("The folder to write into; without it, ./gentask-provider-NAME")
  )
)

const name = maybe(
  Flag.String("name").pipe(
    Flag.withMetavar("PACKAGE"),
    Flag.withDescription("The npm package's name; without it, gentask-provider-NAME")
  )
)

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print one JSON object with the paths"),
  Flag.withoutNegation,
  Flag.withDefault(false)
)

const provider = Command.make(
  "provider",
  { id, dir, name, json },
  lazily<NewProviderInput>(() => import("../handlers/newProvider.ts"))
).pipe(
  Command.withDescription(
    "Write a package that teaches gentask one more vendor: it builds and passes its tests, and says what to fill in"
  ),
  Command.withShortDescription("Write a package for one more vendor"),
  Command.withExamples([
    { command: "gentask new provider acme", description: "Into ./gentask-provider-acme" },
    {
      command: "gentask new provider acme --dir acme --name @me/gentask-acme",
      description: "Into ./acme, with another package name"
    }
  ])
)

export const newCommand = Command.make("new").pipe(
  Command.withDescription("Write a package that extends gentask"),
  Command.withSubcommands([provider]),
  Command.withExamples([
    { command: "gentask new provider acme", description: "A provider, into ./gentask-provider-acme" },
    { command: "gentask new provider --help", description: "See its options" }
  ])
)

/** `gentask emulate`: all the vendors on this machine. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "./lazily.ts"
import { maybe } from "./options.ts"

/** What the command line says. */
export interface EmulateInput {
  readonly port: number | undefined
  readonly empty: boolean
}

const port = maybe(
  Flag.Int("port").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("The port to listen on; without it, a free one"),
    Flag.filter(
      (number) => number >= 0 && number <= 65_535,
      () => "a port, from 0 to 65535"
    )
  )
)

const empty = Flag.Boolean("empty").pipe(
  Flag.withDescription("Begin without example tasks"),
  Flag.withoutNegation,
  Flag.withDefault(false)
)

export const emulate = Command.make(
  "emulate",
  { port, empty },
  lazily<EmulateInput>(() => import("../handlers/emulate.ts"))
).pipe(
  Command.withDescription(
    "Run all the vendors on this machine until Ctrl-C, and print the variables that point gentask at them"
  ),
  Command.withShortDescription("Run all the vendors on this machine"),
  Command.withExamples([
    { command: "gentask emulate", description: "Run the emulator with a few example tasks" },
    {
      command: "gentask emulate --port 8787 --empty > .env.emulator",
      description: "Keep the variables in a file"
    }
  ])
)

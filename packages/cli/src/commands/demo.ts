/** `gentask demo`: all of it, without a key. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "./lazily.ts"
import { maybe } from "./options.ts"

/** What the command line says. */
export interface DemoInput {
  readonly out: string | undefined
}

const out = maybe(
  Flag.String("out").pipe(
    Flag.withAlias("o"),
    Flag.withMetavar("DIR"),
    Flag.withDescription("The folder to save into; without it, a new one for temporary files")
  )
)

export const demo = Command.make(
  "demo",
  { out },
  lazily<DemoInput>(() => import("../handlers/demo.ts"))
).pipe(
  Command.withDescription(
    "Wait for five tasks of the emulated vendors and save what they make: no key is needed, and nothing leaves this machine"
  ),
  Command.withShortDescription("See all of it at work, without a key"),
  Command.withExamples([
    { command: "gentask demo", description: "Five tasks, saved into a new temporary folder" },
    { command: "gentask demo --out out", description: "The same, saved into ./out" }
  ])
)

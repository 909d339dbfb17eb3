import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { optional, switchFlag } from "../flags.ts"
import { lazyHandler } from "../lazyHandler.ts"

const parsePort = (text: string): Option.Option<number> =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Option.some(Number(text)) : Option.none()

const port = optional(
  Flag.String("port").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Port to listen on (default: a free port)"),
    Flag.filterMap(parsePort, () => "a port from 0 to 65535")
  )
)

const empty = switchFlag("empty", "Start without example tasks")

export const emulateCommand = Command.make(
  "emulate",
  { port, empty },
  lazyHandler(async () => (await import("../emulatorHandlers.ts")).runEmulate)
).pipe(
  Command.withDescription(
    "Emulate all vendors on this machine until Ctrl-C, and print the environment variables that connect gentask to them"
  ),
  Command.withShortDescription("Emulate all vendors on this machine"),
  Command.withExamples([
    { command: "gentask emulate", description: "Run the emulator with a few example tasks" },
    {
      command: "gentask emulate --port 8787 --empty > .env.emulator",
      description: "Write the variables into a file"
    }
  ])
)

/** The command line: its commands, how their words are read, and how the process ends. */
import type { ConfigurationError } from "@gentask/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { demo } from "./commands/demo.ts"
import { emulate } from "./commands/emulate.ts"
import { newCommand } from "./commands/new.ts"
import { providers } from "./commands/providers.ts"
import { query } from "./commands/query.ts"
import { save } from "./commands/save.ts"
import { wait } from "./commands/wait.ts"
import { watch } from "./commands/watch.ts"
import { maybe } from "./commands/options.ts"
import { endOnBrokenPipe, endWith, isDebugging, reportDefect } from "./ending.ts"
import { exitStatus, statusOf } from "./exit.ts"
import { heedColorFlag, painterFor } from "./output/paint.ts"
import { oneLine } from "./output/sanitise.ts"
import type { UsageError } from "./UsageError.ts"

/** Read by `heedColorFlag`, before anything is printed; declared here for the help and for the parser. */
const Color = GlobalFlag.Setting("color")({
  flag: maybe(
    Flag.Boolean("color").pipe(
      Flag.withDescription("Use colours, or with --no-color none; else a terminal has them")
    )
  )
})

const gentask = Command.make("gentask").pipe(
  Command.withDescription("Ask about, wait for and save AI image and video tasks"),
  Command.withSubcommands([query, wait, watch, save, providers, emulate, demo, newCommand]),
  Command.withGlobalFlags([Color]),
  Command.withExamples([
    { command: "gentask demo", description: "See all of it at work, without a key" },
    { command: "gentask wait jimmy:1234 --save out", description: "Wait for an image and save it" }
  ])
)

const print = (
  stream: NodeJS.WriteStream,
  render: (formatter: CliOutput.Formatter) => string
): Effect.Effect<void> =>
  Effect.sync(() => {
    const colors = painterFor(stream)("bold", "x") !== "x"
    stream.write(`${render(CliOutput.defaultFormatter({ colors })).trimEnd()}\n`)
  })

/** Help that was asked for is data; help that tells of a mistake is talk. */
const presenter: CliOutput.Presenter = {
  present: (event) => {
    if (event._tag === "Version") return print(process.stdout, () => `${event.name} ${event.version}`)
    if (event._tag === "InvalidInvocation") {
      return print(
        process.stderr,
        (to) => `${to.formatHelpDoc(event.helpDoc).trimEnd()}\n${to.formatErrors(event.errors)}`
      )
    }
    const stream = event.reason === "Requested" ? process.stdout : process.stderr
    return print(stream, (to) => to.formatHelpDoc(event.helpDoc))
  }
}

const services = Layer.mergeAll(
  NodeServices.layer,
  CliOutput.layerPresenter(presenter),
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
)

const report = (cause: Cause.Cause<CliError.CliError | ConfigurationError | UsageError>): number => {
  const error = cause.reasons.find((reason) => reason._tag === "Fail")?.error
  if (error === undefined) return reportDefect(Cause.squash(cause))
  // Its help was presented already.
  if (CliError.isCliError(error)) return exitStatus.usage
  process.stderr.write(`${painterFor(process.stderr)("red", "gentask:")} ${oneLine(error.message)}\n`)
  return statusOf(error)
}

/** Runs the command line to its end, and ends the process. */
export const runMain = async (args: ReadonlyArray<string>, version: string): Promise<void> => {
  endOnBrokenPipe()
  // Node's own, such as that a configuration file is TypeScript, are not for whoever uses a command line.
  if (!isDebugging()) process.removeAllListeners("warning")
  process.on("uncaughtException", (error) => process.exit(reportDefect(error)))
  heedColorFlag(args)
  const exit = await Effect.runPromiseExit(
    Effect.provide(Command.runWith(gentask, { version })(args), services)
  )
  endWith(exit._tag === "Success" ? Number(process.exitCode ?? exitStatus.succeeded) : report(exit.cause))
}

import type { ConfigurationError } from "@gentask/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import { expandHelp } from "./commands/expandHelp.ts"
import { gentaskCommand } from "./commands/gentaskCommand.ts"
import { applyColorFlag, painterFor } from "./output/paint.ts"
import { messageLines } from "./output/sanitize.ts"
import { usagePresenter } from "./output/usagePresenter.ts"
import { CommandStatus } from "./process/CommandStatus.ts"
import { exitStatus, exitStatusOf } from "./process/exitStatus.ts"
import { isDebugMode, reportDefect } from "./process/reportDefect.ts"
import { isInterrupted, setCleanup } from "./process/signals.ts"
import { exitWhenFlushed, handleStreamErrors } from "./process/standardStreams.ts"
import type { UsageError } from "./UsageError.ts"

const services = Layer.mergeAll(
  NodeServices.layer,
  CliOutput.layerPresenter(usagePresenter),
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
)

const reportFailure = (cause: Cause.Cause<CliError.CliError | ConfigurationError | UsageError>): number => {
  const error = cause.reasons.find((reason) => reason._tag === "Fail")?.error
  if (error === undefined) return reportDefect(Cause.squash(cause))
  // The presenter has printed it already.
  if (CliError.isCliError(error)) return exitStatus.usage
  process.stderr.write(`${painterFor(process.stderr)("red", "gentask:")} ${messageLines(error.message)}\n`)
  return exitStatusOf(error)
}

/** Runs the command line, then ends the process with the exit status of the command. */
export const runCli = async (args: ReadonlyArray<string>, version: string): Promise<void> => {
  handleStreamErrors()
  // Warnings of Node, such as those about importing TypeScript, do not help users of a command line.
  if (!isDebugMode()) process.removeAllListeners("warning")
  process.on("uncaughtException", (error) => process.exit(reportDefect(error)))
  applyColorFlag(args)
  const status = Ref.makeUnsafe<number>(exitStatus.success)
  const fiber = Effect.runFork(
    Command.runWith(gentaskCommand, { version })(expandHelp(args)).pipe(
      Effect.provideService(CommandStatus, status),
      Effect.provide(services)
    )
  )
  setCleanup(() => Effect.runPromise(Fiber.interrupt(fiber)))
  const exit = await Effect.runPromise(Fiber.await(fiber))
  if (isInterrupted()) return
  exitWhenFlushed(exit._tag === "Success" ? Ref.getUnsafe(status) : reportFailure(exit.cause))
}

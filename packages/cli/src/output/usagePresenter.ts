import type * as CliError from "effect/cli/CliError"
import type * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import { painterFor } from "./paint.ts"
import { oneLine } from "./sanitize.ts"

const withPeriod = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

const suggest = ([closest]: ReadonlyArray<string>): string =>
  closest === undefined ? "" : ` Did you mean ${closest}?`

const describeError = (error: CliError.NonShowHelpErrors): string => {
  switch (error._tag) {
    case "UnrecognizedOption":
      return `Unknown flag ${error.option}.${suggest(error.suggestions)}`
    case "UnknownSubcommand":
      return `Unknown command ${JSON.stringify(error.subcommand)}.${suggest(error.suggestions)}`
    case "InvalidValue": {
      const name = error.kind === "flag" ? `--${error.option}` : error.option
      const problem =
        error.value === ""
          ? `Missing value for ${name}`
          : `Invalid value ${JSON.stringify(error.value)} for ${name}`
      return withPeriod(`${problem}: expected ${error.expected.replace(/^Expected:? /, "")}`)
    }
    case "UnexpectedArgument":
      return withPeriod(
        `Unexpected argument ${error.arguments.map((value) => JSON.stringify(value)).join(", ")}`
      )
    default:
      return withPeriod(error.message)
  }
}

/** Formats the errors of an invalid command line on one line. */
export const formatUsageErrors = (
  errors: ReadonlyArray<CliError.NonShowHelpErrors>,
  commandPath: ReadonlyArray<string>
): string => oneLine([...errors.map(describeError), `See ${commandPath.join(" ")} --help.`].join(" "))

const print = (stream: NodeJS.WriteStream, text: string): Effect.Effect<void> =>
  Effect.sync(() => stream.write(`${text.trimEnd()}\n`))

/** Prints requested help and the version on the standard output, and everything else on the standard error. */
export const usagePresenter: CliOutput.Presenter = {
  present: (event) => {
    if (event._tag === "Version") return print(process.stdout, `${event.name} ${event.version}`)
    if (event._tag === "InvalidInvocation") {
      const prefix = painterFor(process.stderr)("red", "gentask:")
      return print(process.stderr, `${prefix} ${formatUsageErrors(event.errors, event.commandPath)}`)
    }
    const stream = event.reason === "Requested" ? process.stdout : process.stderr
    // Loaded on use: most runs print no help.
    return Effect.flatMap(
      Effect.promise(() => import("./formatHelp.ts")),
      ({ formatHelp }) => print(stream, formatHelp(stream, event.helpDoc))
    )
  }
}

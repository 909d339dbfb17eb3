import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { durationExamples, parseDurationOrSeconds } from "../duration.ts"

/** Makes a flag optional. Its value is undefined if it is not given. */
export const optional = <A>(flag: Flag.Flag<A>): Flag.Flag<A | undefined> =>
  Flag.map(Flag.optional(flag), Option.getOrUndefined)

/** An optional argument. */
export const optionalArgument = (name: string, description: string): Argument.Argument<string | undefined> =>
  Argument.map(
    Argument.optional(Argument.String(name).pipe(Argument.withDescription(description))),
    Option.getOrUndefined
  )

/** A flag without a value. It is off by default. */
export const switchFlag = (name: string, description: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withoutNegation, Flag.withDefault(false))

const withText = (
  flag: Flag.Flag<string>,
  metavar: string,
  description: string
): Flag.Flag<string | undefined> =>
  optional(
    flag.pipe(
      Flag.withMetavar(metavar),
      Flag.withDescription(description),
      // Such as the value of an unset variable of a shell.
      Flag.filter(
        (text) => text !== "",
        () => "text that is not empty"
      )
    )
  )

/** An optional flag with a text value. */
export const textFlag = (name: string, metavar: string, description: string): Flag.Flag<string | undefined> =>
  withText(Flag.String(name), metavar, description)

/** The output folder of a command, as `--out` or `-o`. */
export const outFlag = (description: string): Flag.Flag<string | undefined> =>
  withText(Flag.String("out").pipe(Flag.withAlias("o")), "DIR", description)

/** The target of a command, as `--to`. */
export const toFlag = (description: string): Flag.Flag<string | undefined> =>
  textFlag("to", "TARGET", description)

export const to = toFlag(
  "Save to an object store instead of a folder: s3://bucket/prefix, or a name under targets in the configuration. The keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)

/** A duration. Its value is the text as given, so that the command to resume can repeat it. */
const durationFlag = (name: string, description: string): Flag.Flag<string | undefined> =>
  optional(
    Flag.String(name).pipe(
      Flag.withMetavar("TIME"),
      Flag.withDescription(description),
      Flag.filter(
        (text) => parseDurationOrSeconds(text) !== undefined,
        () => `a duration such as ${durationExamples}`
      )
    )
  )

export const refs = Argument.String("ref").pipe(
  Argument.withDescription(
    "provider[@account]:taskId[?param=value], or - to read a list from the standard input"
  ),
  Argument.variadic({ min: 1 })
)

/** The flag `--json`. Each command says what a line describes. */
export const jsonFlag = (description: string): Flag.Flag<boolean> => switchFlag("json", description)

export const json = jsonFlag("Print one JSON object per task and line")
export const raw = switchFlag("raw", "Add the vendor's response as raw (implies --json)")
export const all = switchFlag("all", "Also save thumbnails, previews and watermarked versions")
export const overwrite = switchFlag("overwrite", "Replace existing files that have the same name")
export const noLedger = switchFlag(
  "no-ledger",
  "Do not record the tasks in the ledger, which gentask list shows"
)
export const server = textFlag(
  "server",
  "URL",
  "Let the tracker at this URL carry out the command. Its token is in GENTASK_TOKEN"
)
export const timeout = durationFlag(
  "timeout",
  "Maximum time to wait, such as 10m, 90s or 1h30m (default: no limit)"
)
export const keep = durationFlag(
  "keep",
  "Delete tasks with their events this long after their end, such as 90d. Saved files stay (default: delete nothing)"
)
export const interval = durationFlag(
  "interval",
  "Minimum time between two polls of a task, such as 500ms or 5s"
)

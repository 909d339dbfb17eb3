/** The options that several commands share. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { durationExamples, parseDuration } from "../duration.ts"

/** An option that may be left out: undefined then. */
export const maybe = <A>(flag: Flag.Flag<A>): Flag.Flag<A | undefined> =>
  Flag.map(Flag.optional(flag), Option.getOrUndefined)

const on = (name: string, description: string): Flag.Flag<boolean> =>
  Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withoutNegation, Flag.withDefault(false))

/** An option that is a length of time: the text as given, which is known to be one. */
const duration = (name: string, description: string): Flag.Flag<string | undefined> =>
  maybe(
    Flag.String(name).pipe(
      Flag.withMetavar("TIME"),
      Flag.withDescription(description),
      Flag.filter(
        (text) => parseDuration(text) !== undefined,
        () => `a length of time, such as ${durationExamples}`
      )
    )
  )

export const refs = Argument.String("ref").pipe(
  Argument.withDescription("provider[@account]:taskId[?hint=value], or - for a list on the standard input"),
  Argument.variadic({ min: 1 })
)

export const json = on("json", "Print one JSON object for each task, on a line of its own")
export const raw = on("raw", "Add the vendor's own answer as raw; implies --json")
export const all = on("all", "Save thumbnails, previews and watermarked versions as well")
export const overwrite = on("overwrite", "Replace files of the same name that are something else")
export const timeout = duration(
  "timeout",
  "How long to wait at most: 10m, 90s, 1h30m; without it, without end"
)
export const interval = duration("interval", "The shortest time between two polls of a task: 500ms, 5s")

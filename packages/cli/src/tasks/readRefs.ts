import { text } from "node:stream/consumers"
import * as Effect from "effect/Effect"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"

const parseList = (list: string): ReadonlyArray<string> =>
  list
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))

/** Returns the refs of a command line. Replaces `-` with the refs on the standard input, one per line. */
export const readRefs = (args: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>, UsageError> => {
  if (!args.includes("-")) return Effect.succeed(args)
  return Effect.map(
    Effect.tryPromise({
      try: () => text(process.stdin),
      catch: (error) =>
        new UsageError({
          message: `Cannot read the standard input: ${errorMessage(error)}. Pipe a list with one ref per line into gentask.`
        })
    }),
    (list) => {
      const first = args.indexOf("-")
      return args.flatMap((arg, index) => (arg !== "-" ? [arg] : index === first ? parseList(list) : []))
    }
  )
}

/** The refs that a command is about: words of the command line, and lines of the standard input. */
import { text } from "node:stream/consumers"
import * as Effect from "effect/Effect"
import { UsageError } from "./UsageError.ts"

const linesOf = (list: string): ReadonlyArray<string> =>
  list
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))

/** Reads the words of a command line, where `-` stands for the refs on the standard input, one on a line. */
export const readRefs = (words: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>, UsageError> => {
  if (!words.includes("-")) return Effect.succeed(words)
  return Effect.map(
    Effect.tryPromise({
      try: () => text(process.stdin),
      catch: (error) =>
        new UsageError({
          message: `The list on the standard input cannot be read: ${error instanceof Error ? error.message : String(error)}. Pipe one ref on each line into gentask.`
        })
    }),
    (list) => {
      const first = words.indexOf("-")
      return words.flatMap((word, index) => (word !== "-" ? [word] : index === first ? linesOf(list) : []))
    }
  )
}

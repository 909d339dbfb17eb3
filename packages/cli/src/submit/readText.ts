import { readFile } from "node:fs/promises"
import { text } from "node:stream/consumers"
import * as Effect from "effect/Effect"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"

/** Reads the text of a file, or the standard input for `-`. */
export const readText = (flag: string, path: string): Effect.Effect<string, UsageError> =>
  Effect.tryPromise({
    try: () => (path === "-" ? text(process.stdin) : readFile(path, "utf8")),
    catch: (error) =>
      new UsageError({
        message: `Cannot read ${path === "-" ? "the standard input" : path}: ${errorMessage(error)}. Correct ${flag}.`
      })
  })

import { readFile } from "node:fs/promises"
import { buffer } from "node:stream/consumers"
import * as Effect from "effect/Effect"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "reading it is not permitted"
}

const reasonOf = (error: unknown): string => {
  const { code = "" } = error as NodeJS.ErrnoException
  return reasons[code] ?? errorMessage(error)
}

const decode = (bytes: Uint8Array): string => {
  let text: string
  try {
    // Removes a byte order mark.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Error("it is not text in UTF-8", { cause: error })
  }
  if (text.includes("\0")) throw new Error("it is a binary file")
  return text
}

/**
 * Reads the text of a file.
 *
 * @throws {Error} If it cannot be read, or is not text. The message is a part of a sentence.
 */
export const readTextFile = async (path: string): Promise<string> => {
  try {
    return decode(await readFile(path))
  } catch (error) {
    throw new Error(`cannot read ${JSON.stringify(path)}: ${reasonOf(error)}`, { cause: error })
  }
}

const readStandardInput = async (): Promise<string> => {
  try {
    return decode(await buffer(process.stdin))
  } catch (error) {
    throw new Error(`cannot read the standard input: ${reasonOf(error)}`, { cause: error })
  }
}

/** Reads the text of a file, or the standard input for `-`. */
export const readText = (flag: string, path: string): Effect.Effect<string, UsageError> =>
  Effect.tryPromise({
    try: () => (path === "-" ? readStandardInput() : readTextFile(path)),
    catch: (error) =>
      new UsageError({ message: `Invalid ${flag}: ${errorMessage(error)}. Nothing was sent.` })
  })

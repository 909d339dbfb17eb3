import { oneLine } from "@gentask/core/internal"

export { oneLine }

const maxErrorLength = 300

/** Control and format characters, line and paragraph separators, and lone surrogates. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Returns the message of an error on one line, without a period at its end. */
export const errorMessage = (error: unknown): string =>
  oneLine(error instanceof Error ? error.message : String(error)).replace(/\.$/, "")

/** Returns the first line of the message of an error from a plugin, shortened and without a period at its end. */
export const firstLine = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  return oneLine(message.trimStart().split(/[\r\n]/, 1)[0] ?? "", maxErrorLength).replace(/\.$/, "")
}

/** Returns the lines of a message, without control characters. */
export const messageLines = (message: string): string =>
  message
    .split("\n")
    .map((line) => `${/^ */.exec(line)?.[0] ?? ""}${oneLine(line)}`)
    .join("\n")

const escapeUnicode = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("")

/** Converts a value to one line of JSON. Escapes all characters that could control a terminal. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(unsafe, escapeUnicode)

/** Converts a value to indented lines of JSON, with the same escapes. */
export const jsonLines = (value: unknown): ReadonlyArray<string> =>
  JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) => line.replace(unsafe, escapeUnicode))

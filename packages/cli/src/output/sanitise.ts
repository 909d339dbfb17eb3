/** Makes strangers' words safe to print: nothing in them can drive a terminal, break a line or reverse the text. */

// Control characters, format characters (bidirectional marks among them), line and paragraph separators, lone surrogates.
const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
const dangerousOrBlank = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu

/** Text as one line. */
export const oneLine = (text: string): string => text.replace(dangerousOrBlank, " ").trim()

/** Text as one line, at most so many characters long. */
export const shortLine = (text: string, longest: number): string => {
  const line = oneLine(text)
  return line.length > longest ? `${line.slice(0, longest - 1).trimEnd()}…` : line
}

/** What an error of strangers' code says: the first line of its message, at most 300 characters and without a full stop. */
export const firstLineOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  return shortLine(message.trimStart().split(/[\r\n]/, 1)[0] ?? "", 300).replace(/\.$/, "")
}

const escape = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("")

/** A value as one line of JSON in which nothing can drive a terminal. It reads back the same. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(dangerous, escape)

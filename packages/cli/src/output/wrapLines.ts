import stringWidth from "fast-string-width"
import { wrapAnsi } from "fast-wrap-ansi"

const minWidth = 20

/** Splits a line before its last column, or after its indentation. */
const splitLine = (line: string): readonly [start: string, text: string] => {
  const [, start = "", text = ""] = /^(.*\S {2,})(\S.*)$/.exec(line) ?? /^( *)(.*)$/.exec(line) ?? []
  return [start, text]
}

const wrapLine = (line: string, columns: number): string => {
  const [start, text] = splitLine(line)
  const indent = stringWidth(start)
  const width = columns - indent
  if (stringWidth(line) <= columns || width < minWidth) return line
  return start + wrapAnsi(text, width).replaceAll("\n", `\n${" ".repeat(indent)}`)
}

/** Wraps lines that are wider than the terminal. The rest of a line follows below its last column. */
export const wrapLines = (text: string, columns: number): string =>
  text
    .split("\n")
    .map((line) => wrapLine(line, columns))
    .join("\n")

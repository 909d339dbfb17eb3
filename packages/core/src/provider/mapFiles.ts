import { isEmbeddedFile, isInputFile } from "./InputFile.ts"
import type { EmbeddedFile, InputFile } from "./InputFile.ts"

/**
 * Copies a JSON value, and replaces each file in it.
 *
 * @param replace Returns what replaces a file. It may return the file itself.
 */
export const mapFiles = (value: unknown, replace: (file: InputFile | EmbeddedFile) => unknown): unknown => {
  if (isInputFile(value) || isEmbeddedFile(value)) return replace(value)
  if (Array.isArray(value)) return value.map((element) => mapFiles(element, replace))
  // Objects with `toJSON`, such as dates, have a JSON form of their own.
  if (typeof value !== "object" || value === null || "toJSON" in value) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapFiles(member, replace)]))
}

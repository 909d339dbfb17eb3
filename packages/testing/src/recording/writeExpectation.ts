import { readFileSync, writeFileSync } from "node:fs"

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source: string }) => unknown
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }

/** Keeps numbers as they are written. A task id of 19 digits exceeds the precision of a JavaScript number. */
const keepNumbers: Reviver = (_key, value, { source }) =>
  typeof value === "number" ? rawJSON(source) : value

/**
 * Writes `means` into a recording file that has none. The other members stay as they are.
 *
 * @returns Whether the file was written.
 */
export const writeExpectation = (path: string, means: object): boolean => {
  const json = JSON.parse(
    readFileSync(path, "utf8"),
    keepNumbers as Parameters<typeof JSON.parse>[1]
  ) as object
  if ("means" in json) return false
  writeFileSync(path, `${JSON.stringify({ ...json, means }, undefined, 2)}\n`)
  return true
}

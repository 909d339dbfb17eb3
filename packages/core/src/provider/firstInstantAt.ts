import { valueAt } from "./valueAt.ts"

/**
 * Returns the first date among several paths of a JSON value, as the vendor writes it: a number, or text. Core parses it.
 *
 * ```ts
 * firstInstantAt({ created_at: 0, submit_time: "1759763426" }, "created_at", "submit_time") // "1759763426"
 * ```
 *
 * @param value A JSON value.
 * @param paths Dotted paths, in order of preference. Numbers are indexes of arrays.
 * @returns Undefined if no path leads to a number other than 0, or to a text that is neither blank nor "0".
 */
export const firstInstantAt = (
  value: unknown,
  ...paths: ReadonlyArray<string>
): number | string | undefined => {
  for (const path of paths) {
    const found = valueAt(value, path)
    if (typeof found === "number" && found !== 0) return found
    if (typeof found === "string" && found.trim() !== "" && found.trim() !== "0") return found
  }
  return undefined
}

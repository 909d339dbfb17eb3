import { valueAt } from "./valueAt.ts"

/**
 * Returns the first number among several paths of a JSON value. Some vendors write numbers as text.
 *
 * ```ts
 * firstNumberAt({ usage: { seconds: "5.0" } }, "usage.duration", "usage.seconds") // 5
 * ```
 *
 * @param value A JSON value.
 * @param paths Dotted paths, in order of preference. Numbers are indexes of arrays.
 * @returns Undefined if no path leads to a finite number.
 */
export const firstNumberAt = (value: unknown, ...paths: ReadonlyArray<string>): number | undefined => {
  for (const path of paths) {
    const found = valueAt(value, path)
    const isNumber = typeof found === "number" || (typeof found === "string" && found.trim() !== "")
    if (isNumber && Number.isFinite(Number(found))) return Number(found)
  }
  return undefined
}

import { valueAt } from "./valueAt.ts"

/**
 * Returns the first text that is not blank among several paths of a JSON value: for vendors that put a value in different
 * places.
 *
 * ```ts
 * firstStringAt({ videos: [{ url: "https://…" }] }, "result.url", "videos.0.url") // "https://…"
 * ```
 *
 * @param value A JSON value.
 * @param paths Dotted paths, in order of preference. Numbers are indexes of arrays.
 * @returns The text as it is, or undefined if no path leads to one.
 */
export const firstStringAt = (value: unknown, ...paths: ReadonlyArray<string>): string | undefined => {
  for (const path of paths) {
    const found = valueAt(value, path)
    if (typeof found === "string" && found.trim() !== "") return found
  }
  return undefined
}

/** Far more paths than all providers together have. The limit keeps a provider that computes paths from leaking memory. */
const maxCachedPaths = 1000

const cache = new Map<string, ReadonlyArray<string>>()

const splitPath = (path: string): ReadonlyArray<string> => {
  const cached = cache.get(path)
  if (cached !== undefined) return cached
  const keys = path.split(".")
  if (cache.size < maxCachedPaths) cache.set(path, keys)
  return keys
}

const valueAt = (value: unknown, path: string): unknown => {
  let current = value
  for (const key of splitPath(path)) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Readonly<Record<string, unknown>>)[key]
  }
  return current
}

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

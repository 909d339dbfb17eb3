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

/**
 * Returns the value at a path of a JSON value.
 *
 * ```ts
 * valueAt({ videos: [{ url: "https://…" }] }, "videos.0.url") // "https://…"
 * valueAt({ videos: "none" }, "videos.0.url") // undefined
 * ```
 *
 * @param value A JSON value.
 * @param path A dotted path. Numbers are indexes of arrays.
 * @returns Undefined if there is nothing at the path.
 */
export const valueAt = (value: unknown, path: string): unknown => {
  let current = value
  for (const key of splitPath(path)) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Readonly<Record<string, unknown>>)[key]
  }
  return current
}

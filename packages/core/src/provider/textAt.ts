/** A text that vendors put now here and now there. */

/** How many places are remembered in their parts: far more than a provider has, and few where one makes them up. */
const mostKnown = 1000

const known = new Map<string, ReadonlyArray<string>>()

const partsOf = (place: string): ReadonlyArray<string> => {
  const remembered = known.get(place)
  if (remembered !== undefined) return remembered
  const parts = place.split(".")
  if (known.size < mostKnown) known.set(place, parts)
  return parts
}

const valueAt = (value: unknown, place: string): unknown => {
  let found = value
  for (const key of partsOf(place)) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Readonly<Record<string, unknown>>)[key]
  }
  return found
}

/**
 * Reads the first text that is not blank from places in a JSON value, written `result.url` or `videos.0.url`, the
 * likeliest first. What is not there, or is no text, is passed over.
 */
export const textAt = (value: unknown, ...places: ReadonlyArray<string>): string | undefined => {
  for (const place of places) {
    const found = valueAt(value, place)
    if (typeof found === "string" && found.trim() !== "") return found
  }
  return undefined
}

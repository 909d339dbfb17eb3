/** JSON inside a string, as some vendors send it. */

/** Reads JSON from a text; a text that is not JSON, or no text at all, gives undefined. */
export const jsonText = (text: unknown): unknown => {
  if (typeof text !== "string" || text.trim() === "") return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/**
 * Unpacks a field that holds JSON in a text, for a schema to go on with: `z.preprocess(unpackJson, …)`. No text and a
 * blank one give undefined, a text that is no JSON gives null, and what is not packed stays as it is.
 */
export const unpackJson = (packed: unknown): unknown => {
  if (typeof packed !== "string") return packed ?? undefined
  return packed.trim() === "" ? undefined : (jsonText(packed) ?? null)
}

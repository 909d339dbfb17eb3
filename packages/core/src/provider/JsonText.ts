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

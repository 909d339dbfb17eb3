/**
 * Parses JSON without throwing.
 *
 * ```ts
 * tryParseJson('{"a":1}') // { a: 1 }
 * tryParseJson("A cat") // undefined
 * ```
 *
 * @param value Any value. Only text is parsed.
 * @returns Undefined if the value is not text, is blank, or is not valid JSON.
 */
export const tryParseJson = (value: unknown): unknown => {
  if (typeof value !== "string" || value.trim() === "") return undefined
  try {
    return JSON.parse(value) as unknown
  } catch {
    return undefined
  }
}

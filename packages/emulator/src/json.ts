/** JSON of unknown shape. */

/** Whether a value is an object, but neither null nor an array. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Parses JSON to `unknown`. @throws {SyntaxError} If the text is not JSON. */
export const parseJson = (text: string): unknown => JSON.parse(text)

/** Parses a JSON object. Returns undefined for any other text. */
export const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value = parseJson(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

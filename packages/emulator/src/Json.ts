/** JSON from elsewhere: of no known shape until it has been looked at. */

/** An object that is neither null nor a list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** @throws {SyntaxError} when the text is not JSON */
export const parseJson = (text: string): unknown => JSON.parse(text)

/** The type of a JSON value, as JSON Schema names it. */
export const jsonType = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value

/** Progress as vendors write it, read as a number from 0 to 1. The scale is the field's, never guessed from the value. */

const read = (value: unknown): number | null => {
  const number = typeof value === "string" ? Number.parseFloat(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : null
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))

/** Reads a field whose scale is 0 to 100: `45`, `"45"`, `"45%"`. Anything else is null. */
export const percent = (value: unknown): number | null => {
  const number = read(value)
  return number === null ? null : clamp(number / 100)
}

/** Reads a field whose scale is 0 to 1: `0.93`, `"1.00"`. Anything else is null. */
export const fraction = (value: unknown): number | null => {
  const number = read(value)
  return number === null ? null : clamp(number)
}

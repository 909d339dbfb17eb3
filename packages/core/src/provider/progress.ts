const parseNumber = (value: unknown): number | null => {
  const number = typeof value === "string" ? Number.parseFloat(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : null
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))

/**
 * Reads progress on a scale from 0 to 100: `45`, `"45"` or `"45%"`. The scale is that of the vendor's field. It is never
 * guessed from the value.
 *
 * ```ts
 * percent("45%") // 0.45
 * percent("soon") // null
 * ```
 *
 * @returns Progress from 0 to 1. Null if the value is not a number.
 */
export const percent = (value: unknown): number | null => {
  const number = parseNumber(value)
  return number === null ? null : clamp(number / 100)
}

/**
 * Reads progress on a scale from 0 to 1: `0.93` or `"1.00"`.
 *
 * ```ts
 * fraction("0.5") // 0.5
 * ```
 *
 * @returns Progress from 0 to 1. Null if the value is not a number.
 */
export const fraction = (value: unknown): number | null => {
  const number = parseNumber(value)
  return number === null ? null : clamp(number)
}

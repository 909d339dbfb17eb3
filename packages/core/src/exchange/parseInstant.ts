/** Instants outside this range are mistakes of the vendor, for example a duration instead of a date. */
const minMs = Date.UTC(2000, 0, 1)
const maxMs = Date.UTC(2100, 0, 1)

/** Smaller numbers are seconds since 1970: as milliseconds, they would be instants before 2001. */
const minMilliseconds = 1e12

const zoneless = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/

/** ISO 8601's basic format, which `Date.parse` does not read. Signed URLs use it: `20251012T150421Z`. */
const basicFormat = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/**
 * Converts a timestamp to a date.
 *
 * @param ms Milliseconds since 1970.
 * @returns The date, or null if the timestamp is NaN or outside the years 2000 to 2099.
 */
export const toDate = (ms: number): Date | null => (ms >= minMs && ms < maxMs ? new Date(ms) : null)

/** Checks whether a text is a date and time without a time zone, such as `2025-10-12 15:04:21`. */
export const isZoneless = (text: string): boolean => zoneless.test(text.trim())

const numberToMs = (value: number): number => (value < minMilliseconds ? Math.round(value * 1000) : value)

const textToMs = (text: string): number => {
  const trimmed = text.trim()
  // Most vendors write this form.
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(trimmed)) return Date.parse(trimmed)
  if (/^\d+(\.\d+)?$/.test(trimmed)) return numberToMs(Number(trimmed))
  // Without the Z, `Date.parse` would use the time zone of this machine.
  return Date.parse(trimmed.replace(zoneless, "$1T$2Z").replace(basicFormat, "$1-$2-$3T$4:$5:$6Z"))
}

/**
 * Parses an instant as vendors write it.
 *
 * ```ts
 * parseInstant(1760281461) // 2025-10-12T15:04:21.000Z
 * parseInstant("2025-10-12 15:04:21") // the same: UTC is assumed
 * parseInstant("soon") // null
 * ```
 *
 * @param value Seconds (below 10¹²) or milliseconds since 1970, as a number or as text; an ISO 8601 date; or any text
 *   that `Date.parse` reads.
 * @returns The date, or null if the value is not a valid instant in the years 2000 to 2099.
 */
export const parseInstant = (value: number | string | Date): Date | null => {
  if (value instanceof Date) return toDate(value.getTime())
  return toDate(typeof value === "number" ? numberToMs(value) : textToMs(value))
}

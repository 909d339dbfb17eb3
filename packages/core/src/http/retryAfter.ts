/** How long a vendor asks to wait before the next request. */

/** A longer wait is assumed to be a mistake of the vendor, in milliseconds. */
const maxWaitMs = 24 * 60 * 60 * 1000

/** Limits a wait, in milliseconds, to one day. Returns undefined if it is not a valid wait. */
export const bounded = (waitMs: unknown): number | undefined =>
  typeof waitMs === "number" && Number.isFinite(waitMs) && waitMs >= 0
    ? Math.min(waitMs, maxWaitMs)
    : undefined

/**
 * Reads the headers `retry-after-ms` and `retry-after`, in seconds or as a date (RFC 9110, section 10.2.3).
 *
 * @param headers Header names are in lower case.
 * @param now When the response arrived, in milliseconds since 1970.
 * @returns The wait in milliseconds, at most one day. Undefined without a valid header.
 */
export const fromHeaders = (headers: Readonly<Record<string, string>>, now: number): number | undefined => {
  const milliseconds = headers["retry-after-ms"]
  if (milliseconds !== undefined && /^\d+(\.\d+)?$/.test(milliseconds.trim())) {
    return bounded(Number(milliseconds))
  }
  const value = headers["retry-after"]?.trim()
  if (value === undefined || value === "") return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return bounded(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : bounded(Math.max(0, date - now))
}

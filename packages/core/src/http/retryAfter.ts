/** How long a vendor asks to wait, from the headers of its answer. */

/** A longer wait than this is a vendor's mistake, in milliseconds. */
const longest = 24 * 60 * 60 * 1000

/** A wait as a vendor or a provider gave it, in milliseconds; undefined where it is none. */
export const bounded = (milliseconds: unknown): number | undefined =>
  typeof milliseconds === "number" && Number.isFinite(milliseconds) && milliseconds >= 0
    ? Math.min(milliseconds, longest)
    : undefined

/** Reads `retry-after-ms` and both forms of `Retry-After` (RFC 9110, 10.2.3), in milliseconds from `now`. */
export const fromHeaders = (headers: Readonly<Record<string, string>>, now: number): number | undefined => {
  const exact = headers["retry-after-ms"]
  if (exact !== undefined && /^\d+(\.\d+)?$/.test(exact.trim())) return bounded(Number(exact))
  const value = headers["retry-after"]?.trim()
  if (value === undefined || value === "") return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return bounded(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : bounded(Math.max(0, date - now))
}

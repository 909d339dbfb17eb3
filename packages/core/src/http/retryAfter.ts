/** The delay that a vendor requests before the next request. */
import { parseDuration } from "../task/duration.ts"
import { parseHttpDate } from "./parseHttpDate.ts"

type Headers = Readonly<Record<string, string>>

/** A longer wait is assumed to be a mistake of the vendor, in milliseconds. */
const maxWaitMs = 24 * 60 * 60 * 1000

/** Limits a wait, in milliseconds, to one day. Returns undefined if it is not a valid wait. */
export const bounded = (waitMs: unknown): number | undefined =>
  typeof waitMs === "number" && Number.isFinite(waitMs) && waitMs >= 0
    ? Math.min(waitMs, maxWaitMs)
    : undefined

const isNumber = (text: string): boolean => /^\d+(\.\d+)?$/.test(text)

/**
 * Parses a wait: a number of seconds, or a duration with units such as `4s`, `4 seconds`, `500ms` or `6m0s`.
 *
 * @returns The wait in milliseconds, at most one day.
 */
export const parseWait = (text: string): number | undefined => {
  const trimmed = text.trim()
  const waitMs = isNumber(trimmed) ? Number(trimmed) * 1000 : parseDuration(trimmed)
  return waitMs === undefined ? undefined : Math.min(waitMs, maxWaitMs)
}

/** Matches the commas between the values of a repeated header, but not those after the day of the week in a date. */
const separator = /(?<!\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*),/i

/** Splits the joined values of a header that may be repeated, and parses each. Invalid ones are left out. */
const parseEach = (
  header: string | undefined,
  parse: (value: string) => number | undefined
): ReadonlyArray<number> => {
  if (header === undefined) return []
  const single = parse(header.trim())
  if (single !== undefined) return [single]
  return header
    .split(separator)
    .map((value) => parse(value.trim()))
    .filter((value) => value !== undefined)
}

const longest = (waits: ReadonlyArray<number>): number | undefined =>
  waits.length === 0 ? undefined : Math.max(...waits)

/**
 * Returns the time of the server's clock when it sent a response, in milliseconds since 1970. Dates in a response are
 * relative to it, because the clocks of servers are often wrong.
 *
 * @param now When the response arrived. Returned if the header `date` is missing or invalid.
 */
export const serverTime = (headers: Headers, now: number): number =>
  parseEach(headers["date"], (date) => parseHttpDate(date, now))[0] ?? now

/** Parses seconds or milliseconds since 1970, which some servers send instead of a duration. Read as a duration, they would be decades. */
const parseEpoch = (value: string): number | undefined => {
  if (/^\d{10}$/.test(value)) return Number(value) * 1000
  return /^\d{13}$/.test(value) ? Number(value) : undefined
}

/**
 * Reads the headers `retry-after-ms` and `retry-after`: seconds, a duration with units, or a date (RFC 9110, section
 * 10.2.3). Of several values, the longest wait counts.
 *
 * @param headers Header names are in lower case.
 * @param now When the response arrived, in milliseconds since 1970.
 * @returns The wait in milliseconds, at most one day. Undefined without a valid header.
 */
export const fromHeaders = (headers: Headers, now: number): number | undefined => {
  const milliseconds = longest(
    parseEach(headers["retry-after-ms"], (value) =>
      isNumber(value) ? Math.min(Number(value), maxWaitMs) : undefined
    )
  )
  if (milliseconds !== undefined) return milliseconds
  const retryAfter = headers["retry-after"]
  if (retryAfter === undefined) return undefined
  const toWait = (value: string): number | undefined => {
    const date = parseEpoch(value) ?? parseHttpDate(value, now)
    return date === undefined ? parseWait(value) : bounded(Math.max(0, date - serverTime(headers, now)))
  }
  return longest(parseEach(retryAfter, toWait))
}

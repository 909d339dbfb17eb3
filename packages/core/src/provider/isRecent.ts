/** The age that most vendors document. */
const fiveMinutesMs = 5 * 60_000

/**
 * Checks that a signed time is not older than a maximum, and not later than that either.
 *
 * ```ts
 * if (!isRecent(headers["x-acme-timestamp"], receivedAt)) return false
 * ```
 *
 * @param timestamp The signed time, in whole seconds since 1970. Any other text is not recent.
 * @param receivedAt When the request was received.
 * @param maxAgeMs The maximum age, in milliseconds. @default 5 minutes
 */
export const isRecent = (
  timestamp: string | undefined,
  receivedAt: Date,
  maxAgeMs: number = fiveMinutesMs
): boolean =>
  /^\d+$/.test(timestamp ?? "") && Math.abs(receivedAt.getTime() - Number(timestamp) * 1000) <= maxAgeMs

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** The delays between the attempts of a delivery, in milliseconds. The last attempt is about 24 hours after the first. */
const delays: ReadonlyArray<number> = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  7 * hour,
  9 * hour
]

/** The number of attempts of a delivery. After the last one it is dead until it is replayed. */
export const maxAttempts = delays.length + 1

/** The maximum deviation of a delay, as a part of it. */
const jitter = 0.1

/**
 * Returns the delay until the next attempt, in milliseconds. Undefined after the last attempt.
 *
 * @param attempts The number of attempts that failed, from 1.
 * @param random From 0 to 1.
 */
export const retryDelay = (attempts: number, random: number): number | undefined => {
  const delay = delays[attempts - 1]
  return delay === undefined ? undefined : Math.round(delay * (1 + jitter * (2 * random - 1)))
}

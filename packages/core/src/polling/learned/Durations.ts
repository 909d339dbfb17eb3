import type { Observation } from "./Hazard.ts"
import type { ObservedSpan } from "./ObservedSpan.ts"

/** The recorded durations of similar tasks, oldest first. */
export interface Durations {
  /** By age, in milliseconds. */
  readonly ages: ReadonlyArray<Observation>
  /** By age divided by the estimated total (see `PollContext.estimatedTotalMs`), of tasks that had an estimate. */
  readonly shares: ReadonlyArray<Observation>
}

/** How many observations are kept: of tasks that ended, and of tasks whose polling stopped before they ended. */
const maxEnded = 64
const maxUnended = 32

/** The progress from which a task's total duration is estimated. */
export const minEstimateProgress = 0.25

/**
 * Smaller and larger values are not durations of tasks, in milliseconds or as a share. The estimate would lose its
 * precision with them.
 */
const minUntil = 1e-3
const maxUntil = 1e12

const isValid = ({ from, until }: Observation): boolean =>
  from >= 0 && until >= from && until >= minUntil && until <= maxUntil

/** Poll policies do not choose such long delays: the machine was asleep, or the vendor was unavailable. */
const isTooVague = ({ afterMs, byMs }: ObservedSpan): boolean =>
  byMs !== undefined && byMs > 2.5 * afterMs + 60_000

/** Keeps the newest observations of each kind, in their order. */
const keepNewest = (observations: ReadonlyArray<Observation>): ReadonlyArray<Observation> => {
  let endedCount = 0
  let unendedCount = 0
  return observations
    .toReversed()
    .filter(({ ended }) => (ended ? (endedCount += 1) <= maxEnded : (unendedCount += 1) <= maxUnended))
    .toReversed()
}

/**
 * Merges durations of the same key. Keeps the last 64 tasks that ended and the last 32 that did not, and leaves out
 * invalid observations.
 *
 * @param all The durations, oldest first.
 */
export const mergeDurations = (all: ReadonlyArray<Durations>): Durations => ({
  ages: keepNewest(all.flatMap(({ ages }) => ages).filter(isValid)),
  shares: keepNewest(all.flatMap(({ shares }) => shares).filter(isValid))
})

/**
 * Converts an observed span to durations. The exact end between two polls is unknown, so a random age between them is
 * recorded. Otherwise the ages of polls would look like ages at which many tasks end.
 *
 * @returns Undefined if the span shows nothing about the duration.
 */
export const toDurations = (span: ObservedSpan): Durations | undefined => {
  const { fromMs, afterMs, byMs, estimatedTotalMs, random } = span
  if (isTooVague(span)) return undefined
  const ended = byMs !== undefined
  const until = ended ? afterMs + (byMs - afterMs) * random : afterMs
  const age: Observation = { from: fromMs, until, ended }
  if (!isValid(age) || (!ended && until === fromMs)) return undefined
  if (estimatedTotalMs === undefined) return { ages: [age], shares: [] }
  const share: Observation = { from: minEstimateProgress, until: until / estimatedTotalMs, ended }
  return { ages: [age], shares: isValid(share) ? [share] : [] }
}

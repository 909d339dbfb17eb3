import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { minEstimateProgress } from "./learned/Durations.ts"
import type { ObservedSpan } from "./learned/ObservedSpan.ts"

/** One instant on two clocks, in milliseconds. */
export interface Now {
  /** The time of the monotonic clock. */
  readonly monotonic: number
  /** Milliseconds since 1970. */
  readonly wall: number
}

/** When a task was polled. Times are milliseconds of the monotonic clock. */
export interface TaskTimes {
  /** When polling started. */
  readonly startedAt: number
  /** When the first response with a status that was not terminal was received. */
  firstResponseAt: number | undefined
  /** When the last such response was received; before the first one, when polling started. */
  lastResponseAt: number
  /** Whether the task's age is known: the vendor reports its creation, or it had just begun at the first response. */
  hasKnownAge: boolean
  /** The estimated age at which the task ends, in milliseconds, if it continues at the pace of its progress. */
  estimatedTotalMs: number | undefined
}

/** Creates the times of a task whose polling starts now. */
export const startTimes = (startedAt: number): TaskTimes => ({
  startedAt,
  firstResponseAt: undefined,
  lastResponseAt: startedAt,
  hasKnownAge: true,
  estimatedTotalMs: undefined
})

/** Returns a task's age in milliseconds: since its creation if the vendor reports it, else since polling started. */
export const ageAt = ({ startedAt }: TaskTimes, now: Now, snapshot: TaskSnapshot | undefined): number => {
  const polledMs = now.monotonic - startedAt
  const createdAt = snapshot?.createdAt?.getTime()
  return createdAt === undefined ? polledMs : Math.max(polledMs, now.wall - createdAt)
}

/** A task with more progress than this at the first response did not start when polling started. */
const maxInitialProgress = 0.1

/** Some vendors stop at a progress close to 1 and wait there. An estimate from it would be too low. */
const maxEstimateProgress = 0.95

/** Records a response with a status that is not terminal. */
export const recordResponse = (times: TaskTimes, now: Now, snapshot: TaskSnapshot): void => {
  const { createdAt, progress } = snapshot
  if (times.firstResponseAt === undefined) {
    times.firstResponseAt = now.monotonic
    times.hasKnownAge = createdAt !== null || (progress ?? 0) <= maxInitialProgress
  }
  times.lastResponseAt = now.monotonic
  if (!times.hasKnownAge || progress === null) return
  if (progress < minEstimateProgress || progress > maxEstimateProgress) return
  const ageMs = ageAt(times, now, snapshot)
  if (ageMs > 0) times.estimatedTotalMs ??= ageMs / progress
}

/** Returns a task's duration by the vendor's clock, in milliseconds, or NaN if the vendor does not report it. */
const reportedDuration = ({ createdAt, completedAt }: TaskSnapshot): number =>
  createdAt === null || completedAt === null ? Number.NaN : completedAt.getTime() - createdAt.getTime()

/**
 * Returns what polling a task has shown about its duration.
 *
 * @param now When polling stopped.
 * @param last The last snapshot with a status that was not terminal.
 * @param end The terminal snapshot, or undefined if polling stopped before the task ended.
 * @returns Undefined if nothing is known: the age of the task is unknown, or it had already ended at the first response.
 */
export const observedSpan = (
  times: TaskTimes,
  now: Now,
  last: TaskSnapshot | undefined,
  end: TaskSnapshot | undefined
): Omit<ObservedSpan, "durationKey" | "random"> | undefined => {
  const { estimatedTotalMs, firstResponseAt, lastResponseAt } = times
  if (firstResponseAt === undefined || !times.hasKnownAge) return undefined
  const ageMs = ageAt(times, now, last)
  const fromMs = Math.max(0, ageMs - (now.monotonic - firstResponseAt))
  const afterMs = Math.max(fromMs, ageMs - (now.monotonic - lastResponseAt))
  if (end === undefined) return { fromMs, afterMs, byMs: undefined, estimatedTotalMs }
  const durationMs = reportedDuration(end)
  // The vendor's clock may differ from ours. Its duration is used only if it is consistent with the responses.
  return durationMs >= afterMs && durationMs <= ageMs
    ? { fromMs, afterMs: durationMs, byMs: durationMs, estimatedTotalMs }
    : { fromMs, afterMs, byMs: ageMs, estimatedTotalMs }
}

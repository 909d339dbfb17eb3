/** What a watch knows of how long its task has been running. */
import { reckonedFrom } from "./learned/Durations.ts"
import type { ObservedSpan } from "./learned/ObservedSpan.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** One instant, in milliseconds: of the clock that never goes back, and since 1970. */
export interface Now {
  readonly running: number
  readonly wall: number
}

/** Times of the clock that never goes back. */
export interface TaskTimes {
  /** When the watch began. */
  readonly since: number
  /** When the first answer came that was no end, and the last one. */
  first: number | undefined
  last: number
  /** Whether the task's age is known: a task is as old as its watch only if it was young at the first answer. */
  isDated: boolean
  /** The age at which the task ends, if its progress goes on as it began. */
  estimatedTotal: number | undefined
}

/** The time of a task whose watch begins. */
export const startTimes = (since: number): TaskTimes => ({
  since,
  first: undefined,
  last: since,
  isDated: true,
  estimatedTotal: undefined
})

/** The task's age: since its creation, where the vendor has told it, else since the watch began. */
export const ageAt = ({ since }: TaskTimes, now: Now, snapshot: TaskSnapshot | undefined): number => {
  const watched = now.running - since
  const created = snapshot?.createdAt?.getTime()
  return created === undefined ? watched : Math.max(watched, now.wall - created)
}

/** Up to which progress a task counts as young; from where to where its end is reckoned from it. */
const young = 0.1
const reckonedUntil = 0.95

/** Notes an answer that was no end. */
export const recordResponse = (time: TaskTimes, now: Now, snapshot: TaskSnapshot): void => {
  const { createdAt, progress } = snapshot
  if (time.first === undefined) {
    time.first = now.running
    time.isDated = createdAt !== null || (progress ?? 0) <= young
  }
  time.last = now.running
  if (!time.isDated || progress === null || progress < reckonedFrom || progress > reckonedUntil) return
  const age = ageAt(time, now, snapshot)
  if (age > 0) time.estimatedTotal ??= age / progress
}

/** How long a task took by the vendor's own clock. */
const lengthOf = ({ createdAt, completedAt }: TaskSnapshot): number =>
  createdAt === null || completedAt === null ? Number.NaN : completedAt.getTime() - createdAt.getTime()

/**
 * What a watch that ends has found out, `last` being the last answer that was no end; undefined where that is nothing:
 * a task that had ended when it was first asked about may have done so at any time.
 */
export const observedSpan = (
  time: TaskTimes,
  now: Now,
  last: TaskSnapshot | undefined,
  end: TaskSnapshot | undefined
): Pick<ObservedSpan, "from" | "after" | "by" | "estimatedTotal"> | undefined => {
  if (time.first === undefined || !time.isDated) return undefined
  const age = ageAt(time, now, last)
  const from = Math.max(0, age - (now.running - time.first))
  const after = Math.max(from, age - (now.running - time.last))
  const { estimatedTotal: reckoned } = time
  if (end === undefined) return { from, after, by: undefined, estimatedTotal: reckoned }
  const length = lengthOf(end)
  // Another clock than ours: believed only where ours does not contradict it.
  return length >= after && length <= age
    ? { from, after: length, by: length, estimatedTotal: reckoned }
    : { from, after, by: age, estimatedTotal: reckoned }
}

/** Where a task stands at one moment: queued, then running, then at its end. Pure; time is a number. */
import type { EmulatedTask, Phase } from "./TaskScript.ts"

/** Where a task stands. Instants are milliseconds since the epoch. */
export interface Moment {
  readonly phase: Phase
  /** 0 to 1. A task that never ends stops at 0.99; one that ended badly is at 0. */
  readonly progress: number
  readonly startedAt: number
  /** When the end was, or will be; meaningless for a task that never ends. */
  readonly endedAt: number
}

const runningProgress = (elapsed: number, total: number): number =>
  total === 0 ? 0 : Math.min(elapsed / total, 0.99)

/** Where a task stands at `now`. */
export const momentOf = (task: EmulatedTask, now: number): Moment => {
  const startedAt = task.addedAt + task.queuedFor
  const endedAt = startedAt + task.runningFor
  if (now < startedAt) return { phase: "queued", progress: 0, startedAt, endedAt }
  if (task.end === "never" || now < endedAt) {
    return {
      phase: "running",
      progress: runningProgress(now - startedAt, task.runningFor),
      startedAt,
      endedAt
    }
  }
  return { phase: task.end, progress: task.end === "succeeded" ? 1 : 0, startedAt, endedAt }
}

/** Whether nothing can follow this phase. */
export const hasEnded = (phase: Phase): boolean => phase !== "queued" && phase !== "running"

/** The state of a task at one moment of its timeline. Pure: the time is an argument. */
import type { EmulatedTask } from "./EmulatedTask.ts"
import type { TaskPhase } from "./TaskScript.ts"

/** The state of a task at one moment. Times are milliseconds since 1970. */
export interface TaskState {
  /** The phase at this moment. */
  readonly phase: TaskPhase
  /** From 0 to 1. Stays below 1 for a task that never ends, and is 0 for one that ended without success. */
  readonly progress: number
  /** When the task starts running. */
  readonly startedAt: number
  /** When the task ends. Meaningless for a task that never ends. */
  readonly endedAt: number
}

const runningProgress = (elapsed: number, total: number): number =>
  total === 0 ? 0 : Math.min(elapsed / total, 0.99)

/** The state of a task at `now`. */
export const stateAt = (task: EmulatedTask, now: number): TaskState => {
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

/** Whether a phase is terminal. */
export const hasEnded = (phase: TaskPhase): boolean => phase !== "queued" && phase !== "running"

/** What several vendors report about a task besides its status. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import { hasEnded, stateAt } from "../TaskState.ts"
import type { TaskView } from "../TaskView.ts"
import type { WireResponse } from "../WireResponse.ts"

/** How many tasks are before this one. 0 when it runs. */
export const queuePositionAt = (task: TaskView, now: number): number => {
  const { phase, startedAt } = stateAt(task, now)
  if (phase !== "queued") return 0
  const left = Number.isFinite(startedAt) ? (startedAt - now) / task.queuedFor : 1
  return Math.ceil(task.queuePosition * left)
}

/** The lines of the task's log so far. */
export const logsAt = (task: TaskView, now: number): readonly string[] => {
  const { phase, progress } = stateAt(task, now)
  if (hasEnded(phase)) return task.logs
  return task.logs.slice(0, Math.floor(task.logs.length * progress))
}

/** Whether a task that has ended was running before. */
export const hasRun = (task: EmulatedTask, now: number): boolean => {
  const { startedAt, endedAt } = stateAt(task, now)
  return task.end === "succeeded" || endedAt > startedAt
}

/**
 * The response of a request that waits for the end of a task, for at most `maxWaitMs`: it is sent then, and reports the
 * task at that time. A task that is canceled meanwhile is not noticed.
 */
export const respondAtEnd = (
  task: EmulatedTask,
  maxWaitMs: number,
  respond: (task: EmulatedTask, now: number) => WireResponse
): WireResponse => {
  const { addedAt } = task
  const endsIn = task.end === "never" ? Number.POSITIVE_INFINITY : task.queuedFor + task.runningFor
  const delay = Math.min(endsIn, maxWaitMs)
  const response = respond(task, addedAt + delay)
  return delay === 0 ? response : { ...response, delivery: { ...response.delivery, delay } }
}

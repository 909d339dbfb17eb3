import type { ProviderError } from "../exchange/ProviderError.ts"
import type { PolledTask } from "./PolledTask.ts"

/** When an error that keeps repeating ends the polling of a task. Both limits must be reached. */
export interface RepetitionLimit {
  /** Minimum number of responses with this error. */
  readonly times: number
  /** Minimum time from the first to the last of them, in milliseconds. */
  readonly graceMs: number
}

/** The limits of the errors that may be permanent. */
export interface RepetitionLimits {
  /** When "task not found" is accepted. Directly after a submit, vendors may not know the task yet. */
  readonly notFound: RepetitionLimit
  /** When a response that cannot be decoded is accepted as permanent. */
  readonly unexpected: RepetitionLimit
}

/** Removes request ids and dates, which differ in otherwise identical responses. */
const withoutIds = (message: string | null | undefined): string | undefined =>
  message?.replace(/[\w-]*\d[\w-]*/g, "#")

/**
 * Counts an error of a task. Returns whether it has been repeated for so long that polling must stop.
 *
 * @param now The time of the scheduler's clock, in milliseconds.
 */
export const isRepeatedError = (
  task: Pick<PolledTask, "repeated">,
  { reason }: ProviderError,
  { notFound, unexpected }: RepetitionLimits,
  now: number
): boolean => {
  const limit =
    reason._tag === "TaskNotFound" ? notFound : reason._tag === "UnexpectedResponse" ? unexpected : undefined
  if (limit === undefined) return false
  const key =
    reason._tag === "UnexpectedResponse"
      ? JSON.stringify([reason.httpStatus, reason.path, reason.code, withoutIds(reason.message)])
      : reason._tag
  if (task.repeated?.key !== key) task.repeated = { key, times: 0, since: now }
  task.repeated.times += 1
  return task.repeated.times >= limit.times && now - task.repeated.since >= limit.graceMs
}

/** What polling a task has shown about its duration. Ages are defined as in `PollContext`, in milliseconds. */
export interface ObservedSpan {
  /** As in `PollContext`. */
  readonly durationKey: string
  /**
   * The age at the first response with a status that was not terminal. A task that ended before this age would not
   * have been observed.
   */
  readonly fromMs: number
  /** The age at the last response with a status that was not terminal. The task ended after it. */
  readonly afterMs: number
  /**
   * The age at the response with the terminal status. The task ended at this age or before. It equals `afterMs` if the
   * vendor reported when the task ended, and is undefined if polling stopped before the task ended.
   */
  readonly byMs: number | undefined
  /** As in `PollContext`. */
  readonly estimatedTotalMs: number | undefined
  /** A random number from 0 to 1. */
  readonly random: number
}

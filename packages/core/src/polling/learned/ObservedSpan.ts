/** What one watch found out about how long a task took. */

/** What one watch found out about how long a task took. Ages are those of `PollContext`, in milliseconds. */
export interface ObservedSpan {
  /** As in `PollContext`. */
  readonly group: string
  /** The task's age at the first answer, which was no end: nothing is known of tasks that ended younger. */
  readonly from: number
  /** The age after which it ended: at the last answer that was no end. */
  readonly after: number
  /**
   * The age by which it had ended: at the answer that told so. The same as `after` where the vendor told the instant
   * itself; undefined where the watch ended before the task did.
   */
  readonly by: number | undefined
  /** As in `PollContext`. */
  readonly estimatedTotal: number | undefined
  /** A random number from 0 to 1. */
  readonly random: number
}

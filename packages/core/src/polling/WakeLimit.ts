/** Minimum time between two polls of a task that were requested by `wake`, in milliseconds. */
const minIntervalMs = 1000

/** Maximum of that time, in milliseconds. It doubles with each poll that finds no change. */
const maxIntervalMs = 10 * 60_000

/**
 * Limits the polls of one task that webhooks cause. Anyone may send webhooks that are not signed, so that their number must
 * not decide how often a task is polled.
 */
export class WakeLimit {
  /** Whether a poll was requested that has not started yet. */
  isPending = false
  #nextAt = Number.NEGATIVE_INFINITY
  #intervalMs = minIntervalMs

  /** Returns when to poll the task: at `dueAt`, or else as soon as permitted if a poll was requested. */
  dueAt(dueAt: number, earliestAt: number): number {
    return this.isPending ? Math.min(dueAt, Math.max(earliestAt, this.#nextAt)) : dueAt
  }

  /** A poll of the task starts. */
  onPoll(now: number): void {
    if (!this.isPending) return
    this.isPending = false
    this.#nextAt = now + this.#intervalMs
    this.#intervalMs = Math.min(maxIntervalMs, this.#intervalMs * 2)
  }

  /** A poll has found a change. */
  onChange(now: number): void {
    this.#intervalMs = minIntervalMs
    this.#nextAt = Math.min(this.#nextAt, now + minIntervalMs)
  }
}

import type { PollPolicy, ProviderSpec, TaskSnapshot } from "@gentask/core"
import { nextDelayMs } from "@gentask/core/internal/engine"
import type { OpenTask } from "../store/TrackerStore.ts"

/** Up to this rate, tasks are polled at once after a restart, in polls per second. */
const startRate = 20

/** What is known about a task. Its snapshot is decoded only if the policy reads it. */
class ResumedContext implements PollPolicy.PollContext {
  readonly failures = 0
  readonly previousDelayMs = undefined
  readonly random = 0.5
  readonly hint: ProviderSpec["pollHint"]
  readonly #task: OpenTask

  constructor(task: OpenTask, hint: ProviderSpec["pollHint"]) {
    this.#task = task
    this.hint = hint
  }

  get ageMs(): number {
    return this.#task.ageMs
  }

  get polls(): number {
    return this.#task.polls
  }

  get snapshot(): TaskSnapshot | undefined {
    return this.#task.snapshot ?? undefined
  }
}

/** Returns the delay between two polls of a task, in milliseconds. */
const pollIntervalMs = (policy: PollPolicy.PollPolicy, spec: ProviderSpec, task: OpenTask): number =>
  nextDelayMs(policy, () => new ResumedContext(task, spec.pollHint))

/**
 * Returns the delay until the first poll of each task, in milliseconds. Overdue polls are spread evenly over the poll
 * interval, so that a restart with many tasks sends no more requests than before.
 *
 * @param random A random number from 0 to 1.
 */
export const resumeDelays = (
  policy: PollPolicy.PollPolicy,
  spec: ProviderSpec,
  tasks: ReadonlyArray<OpenTask>,
  random: () => number
): ReadonlyArray<number> => {
  const maxSpreadMs = (tasks.length / startRate) * 1000
  return tasks.map((task, index) => {
    if (task.dueInMs > 0) return Math.min(task.dueInMs, maxDueMs)
    // A few new tasks need no spreading.
    if (task.polls === 0 && task.ageMs < scanSlackMs && tasks.length <= startRate) return 0
    const spreadMs = Math.min(pollIntervalMs(policy, spec, task), maxSpreadMs)
    return (spreadMs * (index + random())) / tasks.length
  })
}

/** A poll that is due later, in milliseconds, is due because of a clock that was changed. */
const maxDueMs = 60 * 60_000

/** A task that is younger was added since the last scan, in milliseconds. */
const scanSlackMs = 5000

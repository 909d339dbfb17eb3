import type { AccountClient, QueryResult } from "../exchange/AccountClient.ts"
import type { TaskQuery } from "../exchange/TaskQuery.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { durationKey } from "./durationKey.ts"
import { ageAt, observedSpan } from "./observedDuration.ts"
import type { Now, TaskTimes } from "./observedDuration.ts"
import type { PollContext, PollPolicy } from "./PollPolicy.ts"

/** Options of a poll scheduler. */
export interface PollSchedulerOptions {
  readonly policy: PollPolicy
  /** Returns a random number between 0 and 1. */
  readonly random: () => number
  /** Returns the time in milliseconds since 1970. */
  readonly wallNow: () => number
}

/** What the scheduler reads of a polled task. */
export interface ScheduledTask {
  readonly query: TaskQuery
  readonly client: AccountClient
  readonly time: TaskTimes
  /** The last snapshot. */
  readonly last: TaskSnapshot | undefined
  /** Number of polls so far. */
  readonly polls: number
  /** Number of consecutive failed polls. */
  readonly failures: number
  /** The last delay that the policy chose, in milliseconds. */
  previous: number | undefined
}

/** The delay if the policy returns an invalid one, in milliseconds. */
const fallbackDelayMs = 30_000

/** Returns the delay that a policy chooses, in milliseconds. A policy that throws must not lose the task. */
export const nextDelayMs = (policy: PollPolicy, context: () => PollContext): number => {
  try {
    const delay = policy.next(context())
    return Number.isFinite(delay) && delay >= 0 ? delay : fallbackDelayMs
  } catch {
    return fallbackDelayMs
  }
}

/** Minimum delay that a vendor's hint can set, in milliseconds. */
const minHintMs = 250

/** By how much the vendor's creation time of a task may increase a delay, in milliseconds. */
const maxTrustedMs = 60_000

/** Chooses the delay until the next poll of a task: the vendor's hint, or else the poll policy's choice. */
export class PollScheduler {
  readonly #scheduler: Scheduler
  readonly #options: PollSchedulerOptions

  constructor(scheduler: Scheduler, options: PollSchedulerOptions) {
    this.#scheduler = scheduler
    this.#options = options
  }

  now(): Now {
    return { monotonic: this.#scheduler.now(), wall: this.#options.wallNow() }
  }

  /** Returns the delay after a successful poll, in milliseconds. */
  nextPollMs(task: ScheduledTask, { pollAfterMs }: QueryResult): number {
    return pollAfterMs === undefined ? this.policyMs(task) : Math.max(minHintMs, pollAfterMs)
  }

  /** Returns the policy's delay, in milliseconds. */
  policyMs(task: ScheduledTask): number {
    const now = this.now()
    const random = this.#options.random()
    const ageMs = ageAt(task.time, now, task.last)
    const polledForMs = ageAt(task.time, now, undefined)
    let delay = this.#askPolicy(task, ageMs, random)
    // The vendor's creation time may be wrong, so that it must not delay a poll for long.
    if (ageMs - polledForMs > maxTrustedMs) {
      delay = Math.min(delay, this.#askPolicy(task, polledForMs, random) + maxTrustedMs)
    }
    const { resultLifetimeMs = {} } = task.client.account.spec
    for (const lifetime of Object.values(resultLifetimeMs)) delay = Math.min(delay, lifetime / 2)
    task.previous = delay
    return delay
  }

  #askPolicy(task: ScheduledTask, ageMs: number, random: number): number {
    return nextDelayMs(this.#options.policy, () => ({
      ageMs,
      durationKey: durationKey(task.query, task.last),
      estimatedTotalMs: task.time.estimatedTotalMs,
      polls: task.polls,
      failures: task.failures,
      previousDelayMs: task.previous,
      snapshot: task.last,
      hint: task.client.account.spec.pollHint,
      random
    }))
  }

  /**
   * Lets the policy learn from a task whose polling ends.
   *
   * @param last The terminal snapshot, or undefined if the task has not ended.
   */
  learn(task: ScheduledTask, last: TaskSnapshot | undefined): void {
    const { policy, random } = this.#options
    if (policy.learn === undefined) return
    const span = observedSpan(task.time, this.now(), task.last, last)
    if (span === undefined) return
    try {
      policy.learn({ ...span, durationKey: durationKey(task.query, task.last), random: random() })
    } catch {
      // A policy that throws must not lose the task.
    }
  }
}

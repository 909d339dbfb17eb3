/** Asks the poll policy, and tells it what came of it. */
import type { PollPolicy } from "./PollPolicy.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import type { AccountClient, QueryResult } from "../exchange/AccountClient.ts"
import type { TaskQuery } from "../exchange/TaskQuery.ts"
import { durationKey } from "./durationKey.ts"
import { ageAt, observedSpan } from "./observedDuration.ts"
import type { Now, TaskTimes } from "./observedDuration.ts"

/** How it decides. */
export interface PollSchedulerOptions {
  readonly policy: PollPolicy
  readonly random: () => number
  /** Milliseconds since 1970. */
  readonly wallNow: () => number
}

/** A watched task, as far as its pace goes. */
export interface ScheduledTask {
  readonly query: TaskQuery
  readonly client: AccountClient
  readonly time: TaskTimes
  /** What the vendor said last. */
  readonly last: TaskSnapshot | undefined
  polls: number
  failures: number
  previous: number | undefined
}

/** The wait where a policy gives none, in milliseconds. */
const fallback = 30_000

/** The shortest wait that a vendor can wish for, in milliseconds. */
const leastWait = 250

/** The pace of every watched task. */
export class PollScheduler {
  readonly #runner: Scheduler
  readonly #options: PollSchedulerOptions
  constructor(runner: Scheduler, options: PollSchedulerOptions) {
    this.#runner = runner
    this.#options = options
  }

  now(): Now {
    return { monotonic: this.#runner.now(), wall: this.#options.wallNow() }
  }

  /** The vendor's own wish for the next poll, else the policy's; a wish for no wait at all is none to be granted. */
  nextPollMs(task: ScheduledTask, { pollAfterMs: pollAfter }: QueryResult): number {
    return pollAfter === undefined ? this.policyMs(task) : Math.max(leastWait, pollAfter)
  }

  /** The policy's wait; a policy of the user's that fails must not lose the task. */
  policyMs(task: ScheduledTask): number {
    let wait = Number.NaN
    try {
      wait = this.#ask(task)
    } catch {
      // Told by the fallback below.
    }
    task.previous = Number.isFinite(wait) && wait >= 0 ? wait : fallback
    return task.previous
  }

  #ask(task: ScheduledTask): number {
    return this.#options.policy.next({
      ageMs: ageAt(task.time, this.now(), task.last),
      durationKey: durationKey(task.query, task.last),
      estimatedTotalMs: task.time.estimatedTotalMs,
      polls: task.polls,
      failures: task.failures,
      previousDelayMs: task.previous,
      snapshot: task.last,
      hint: task.client.account.spec.pollHint,
      random: this.#options.random()
    })
  }

  /**
   * Tells the policy what a watch found out that ends now, before its end is its last answer; `end` is undefined where
   * the task has not ended. As with its wait, a policy that fails must not lose the task.
   */
  learn(task: ScheduledTask, end: TaskSnapshot | undefined): void {
    const { policy, random } = this.#options
    if (policy.learn === undefined) return
    const span = observedSpan(task.time, this.now(), task.last, end)
    if (span === undefined) return
    try {
      policy.learn({ ...span, durationKey: durationKey(task.query, task.last), random: random() })
    } catch {
      // The next poll is none the worse for it.
    }
  }
}

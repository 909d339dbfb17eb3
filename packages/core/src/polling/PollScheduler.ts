/** Asks the poll policy, and tells it what came of it. */
import type { PollPolicy } from "./PollPolicy.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Runner } from "../exchange/Timer.ts"
import type { Provider, Told } from "../exchange/AccountClient.ts"
import type { Question } from "../exchange/TaskQuery.ts"
import { groupOf } from "./durationKey.ts"
import { ageAt, spanOf } from "./observedDuration.ts"
import type { Now, TaskTime } from "./observedDuration.ts"

/** How it decides. */
export interface PaceOptions {
  readonly policy: PollPolicy
  readonly random: () => number
  /** Milliseconds since 1970. */
  readonly wallNow: () => number
}

/** A watched task, as far as its pace goes. */
export interface Paced {
  readonly question: Question
  readonly provider: Provider
  readonly time: TaskTime
  /** What the vendor said last. */
  readonly last: TaskSnapshot | undefined
  polls: number
  misses: number
  previous: number | undefined
}

/** The wait where a policy gives none, in milliseconds. */
const fallback = 30_000

/** The shortest wait that a vendor can wish for, in milliseconds. */
const leastWait = 250

/** The pace of every watched task. */
export class Pace {
  readonly #runner: Runner
  readonly #options: PaceOptions
  constructor(runner: Runner, options: PaceOptions) {
    this.#runner = runner
    this.#options = options
  }

  now(): Now {
    return { running: this.#runner.now(), wall: this.#options.wallNow() }
  }

  /** The vendor's own wish for the next poll, else the policy's; a wish for no wait at all is none to be granted. */
  wish(task: Paced, { pollAfter }: Told): number {
    return pollAfter === undefined ? this.interval(task) : Math.max(leastWait, pollAfter)
  }

  /** The policy's wait; a policy of the user's that fails must not lose the task. */
  interval(task: Paced): number {
    let wait = Number.NaN
    try {
      wait = this.#ask(task)
    } catch {
      // Told by the fallback below.
    }
    task.previous = Number.isFinite(wait) && wait >= 0 ? wait : fallback
    return task.previous
  }

  #ask(task: Paced): number {
    return this.#options.policy.next({
      age: ageAt(task.time, this.now(), task.last),
      group: groupOf(task.question, task.last),
      reckoned: task.time.reckoned,
      polls: task.polls,
      misses: task.misses,
      previous: task.previous,
      snapshot: task.last,
      hint: task.provider.account.spec.pollHint,
      random: this.#options.random()
    })
  }

  /**
   * Tells the policy what a watch found out that ends now, before its end is its last answer; `end` is undefined where
   * the task has not ended. As with its wait, a policy that fails must not lose the task.
   */
  learn(task: Paced, end: TaskSnapshot | undefined): void {
    const { policy, random } = this.#options
    if (policy.learn === undefined) return
    const span = spanOf(task.time, this.now(), task.last, end)
    if (span === undefined) return
    try {
      policy.learn({ ...span, group: groupOf(task.question, task.last), random: random() })
    } catch {
      // The next poll is none the worse for it.
    }
  }
}

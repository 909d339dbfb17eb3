/** When to ask again about a task that has not ended. */
import type { PollHint } from "../provider/ProviderSpec.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** What a poll policy decides on. */
export interface PollContext {
  /** How long the task has been running, in milliseconds: since its creation where the vendor tells it, else since the watch began. */
  readonly age: number
  /** How many times it was asked about in this watch. */
  readonly polls: number
  /** How many polls in a row went unanswered; 0 after an answer. */
  readonly misses: number
  /** The wait before the last poll, in milliseconds; undefined before the first. */
  readonly previous: number | undefined
  /** What the vendor said last; undefined while it said nothing. */
  readonly snapshot: TaskSnapshot | undefined
  /** The vendor's documented wish. */
  readonly hint: PollHint | undefined
  /** A random number from 0 to 1, for jitter. */
  readonly random: number
}

/**
 * Decides how long to wait, in milliseconds, until the task is asked about again. The account's rate budget and a
 * vendor's own hint in an answer are honoured beside it.
 */
export interface PollPolicy {
  readonly next: (context: PollContext) => number
}

/** Options of `growing`; all times in milliseconds. */
export interface GrowingOptions {
  /** The shortest wait. @default the vendor's hint, else 2000 */
  readonly min?: number | undefined
  /** The longest wait. @default the vendor's hint, else 30000 */
  readonly max?: number | undefined
  /** The wait as a part of the task's age: the lag that the caller accepts. @default 0.1 */
  readonly share?: number | undefined
}

/** Spreads a wait by ±10 %, so that many tasks begun together are not asked about together. */
const jitter = (wait: number, random: number): number => wait * (0.9 + random * 0.2)

/**
 * Waits longer as a task grows older: a tenth of its age, between two bounds, with jitter inside them. Each poll in a
 * row that went unanswered doubles the wait, within the same bounds.
 */
export const growing = (options: GrowingOptions = {}): PollPolicy => {
  const share = options.share ?? 0.1
  return {
    next: ({ age, misses, hint, random }) => {
      const min = options.min ?? hint?.min ?? 2000
      const max = Math.max(min, options.max ?? hint?.max ?? 30_000)
      const within = (wait: number): number => Math.min(max, Math.max(min, wait))
      return within(jitter(within(within(age * share) * 2 ** Math.min(misses, 20)), random))
    }
  }
}

/** Waits the same time always, in milliseconds. */
export const spaced = (wait: number): PollPolicy => ({ next: () => wait })

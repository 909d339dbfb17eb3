/** When to ask again about a task that has not ended. */
import type { PollHint } from "../provider/ProviderSpec.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { ObservedSpan } from "./learned/ObservedSpan.ts"

export type { GrowingOptions } from "./GrowingPolicy.ts"
export { growing } from "./GrowingPolicy.ts"
export type { LearnedOptions } from "./learned/LearnedPolicy.ts"
export { learned } from "./learned/LearnedPolicy.ts"
export type { ObservedSpan } from "./learned/ObservedSpan.ts"

/** What a poll policy decides on. */
export interface PollContext {
  /** How long the task has been running, in milliseconds: since its creation where the vendor tells it, else since the watch began. */
  readonly age: number
  /**
   * Which tasks this one is likely to be like, as text: those of the same account, host and model, or of the same hints
   * while no model is known. The engine always says.
   */
  readonly group?: string | undefined
  /**
   * The age at which the task ends, in milliseconds, if its progress goes on as it began: reckoned once, when it was
   * first seen a quarter done. Undefined before that, and where the vendor tells no progress.
   */
  readonly estimatedTotal?: number | undefined
  /** How many times it was asked about in this watch. */
  readonly polls: number
  /** How many polls in a row went unanswered; 0 after an answer. */
  readonly failures: number
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
  /** Told when a watch ends that has seen its task running, for policies that learn. */
  readonly learn?: ((span: ObservedSpan) => void) | undefined
}

/** Waits the same time always, in milliseconds. */
export const fixed = (wait: number): PollPolicy => ({ next: () => wait })

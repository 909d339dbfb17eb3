/** Whoever wants to know about a task, and what it is told. */
import type * as Cause from "effect/Cause"
import type { Told } from "./Provider.ts"
import type { AskError, ProviderError } from "./ProviderError.ts"

/** A poll that went unanswered. It ends nothing: the task is asked about again. */
export interface Missed {
  readonly ref: string
  readonly error: ProviderError
  /** How many polls in a row went unanswered. */
  readonly misses: number
  /** In how many milliseconds the task is asked about again, at the earliest. */
  readonly nextIn: number
}

/** Whoever wants to know about a task. */
export interface Watcher {
  /** The vendor told something new; the last time with a terminal snapshot. */
  readonly onTold: (told: Told) => void
  readonly onMissed?: ((missed: Missed) => void) | undefined
  /** No more polls: the vendor refused for good, or knows no such task. */
  readonly onRefused: (error: AskError) => void
  /** No more polls, and no answer: the poller was closed, or something broke that is nobody's answer. */
  readonly onLost: (cause: Cause.Cause<never>) => void
}

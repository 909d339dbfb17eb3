/** Whoever wants to know about a task, and what it is told. */
import type * as Cause from "effect/Cause"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { QueryFault, ProviderError } from "../exchange/ProviderError.ts"

/** Something new about a task. */
export interface Update {
  readonly snapshot: TaskSnapshot
  /** The vendor's answer, as JSON. */
  readonly raw: unknown
}

/** A poll that went unanswered. It ends nothing: the task is asked about again. */
export interface PollFailure {
  readonly ref: string
  readonly error: ProviderError
  /** How many polls in a row went unanswered. */
  readonly failures: number
  /** In how many milliseconds the task is asked about again, at the earliest. */
  readonly nextInMs: number
}

/** Whoever wants to know about a task. */
export interface Subscriber {
  /** Whether it has any use for the vendor's answers, which are not kept for others. */
  readonly wantsRaw: boolean
  /** Whether it was told anything yet: the poller's own note. */
  hasUpdate: boolean
  /** The vendor told something new; the last time with a terminal snapshot. */
  readonly onUpdate: (news: Update) => void
  readonly onPollError: (missed: PollFailure) => void
  /** No more polls: the vendor refused for good, or knows no such task. */
  readonly onError: (error: QueryFault) => void
  /** No more polls, and no answer: the poller was closed, or something broke that is nobody's answer. */
  readonly onDefect: (cause: Cause.Cause<never>) => void
}

import type * as Cause from "effect/Cause"
import type { ClientClosed } from "../exchange/ClientClosed.ts"
import type { ProviderError, QueryFailure } from "../exchange/ProviderError.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** The result of a poll after which the task has changed. */
export interface Update {
  /** The new snapshot. */
  readonly snapshot: TaskSnapshot
  /** The vendor's response as JSON. */
  readonly raw: unknown
}

/** A failed poll. Polling continues. */
export interface PollFailure {
  /** The task ref. */
  readonly ref: string
  /** Why the poll failed. */
  readonly error: ProviderError
  /** Number of consecutive failed polls, including this one. */
  readonly failures: number
  /** Minimum delay until the next poll, in milliseconds. */
  readonly nextInMs: number
}

/** Receives the updates of one polled task. */
export interface Subscriber {
  /** Whether to keep the raw response for this subscriber. */
  readonly wantsRaw: boolean
  /** Called with each update. The last one has a terminal status. */
  readonly onUpdate: (update: Update) => void
  /** Called after each failed poll. Polling continues. */
  readonly onPollError: (failure: PollFailure) => void
  /** Called when polling ends with an error that is permanent. */
  readonly onError: (error: QueryFailure | ClientClosed) => void
  /** Called when polling ends with a defect, such as an exception in a transport. */
  readonly onDefect: (cause: Cause.Cause<never>) => void
}

/** What a caller says when it asks about a task, watches it or waits for it. */
import type * as Duration from "effect/Duration"
import type { TaskRef } from "../task/TaskRef.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { PollFailure } from "../polling/Subscriber.ts"

/** A ref as text or as its parts. */
export type RefInput = string | TaskRef

/** Options of asking once. */
export interface QueryOptions {
  /** Puts the vendor's own answer, as JSON, on the snapshot as `raw`. @default false */
  readonly raw?: boolean | undefined
}

/** Options of watching. */
export interface WatchOptions extends QueryOptions {
  /** Told of each poll that went unanswered; it ends nothing. */
  readonly onPollError?: ((missed: PollFailure) => void) | undefined
}

/** Options of waiting. */
export interface WaitOptions extends WatchOptions {
  /** How long to wait at most: "10 minutes", or milliseconds. @default without end */
  readonly timeout?: Duration.Input | undefined
  /** Told of everything new, the end included. */
  readonly onUpdate?: ((snapshot: TaskSnapshot) => void) | undefined
}

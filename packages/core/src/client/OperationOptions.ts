import type { PollFailure } from "../polling/Subscriber.ts"
import type { DurationInput } from "../task/duration.ts"
import type { TaskRef } from "../task/TaskRef.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** A task ref: as text, or as its parts. */
export type RefInput = string | TaskRef

/** Several task refs: an array, a set or another iterable, but not a single string. */
export type RefList = Iterable<RefInput> & object

/** Options of `query`. */
export interface QueryOptions {
  /**
   * Adds the vendor's response to the snapshot, as `raw`. With `query`, also to a `ProviderError`.
   *
   * @default false
   */
  readonly raw?: boolean | undefined
}

/** Options of `watch`. */
export interface WatchOptions extends QueryOptions {
  /** Called after each failed poll. Polling continues. */
  readonly onPollError?: ((failure: PollFailure) => void) | undefined
}

/** Options of `wait` and `waitAll`. */
export interface WaitOptions extends WatchOptions {
  /** Maximum time to wait: `"10 minutes"`, `"10m"` or milliseconds. @default no limit */
  readonly timeout?: DurationInput | undefined
  /** Called with each new snapshot, including the last one. */
  readonly onUpdate?: ((snapshot: TaskSnapshot) => void) | undefined
}

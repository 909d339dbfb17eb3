import * as Data from "effect/Data"

/** The tracker's database failed. */
export class StoreError extends Data.TaggedError("StoreError")<{
  /** What is wrong and what to do, without credentials. */
  readonly message: string
  /** Whether the same call may succeed later. */
  readonly isRetryable: boolean
  readonly cause?: unknown
}> {}

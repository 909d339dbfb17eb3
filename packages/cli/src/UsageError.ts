import * as Data from "effect/Data"

/** An invalid command line or configuration. `message` is one line that says what is wrong and what to do. */
export class UsageError extends Data.TaggedError("UsageError")<{
  readonly message: string
  /** The exit status, if it is not that of an invalid command line. */
  readonly status?: number
}> {}

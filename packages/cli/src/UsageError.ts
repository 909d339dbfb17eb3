/** What is wrong with how gentask was called or set up, before any task was looked at. */
import * as Data from "effect/Data"

/** Ends a command: `message` says what, why and what to do, on one line. */
export class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

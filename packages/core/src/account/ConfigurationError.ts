/** What is wrong with how gentask was set up or asked, before any vendor was: nothing was sent. */
import * as Data from "effect/Data"

/** What is wrong. */
export type ConfigurationProblem =
  | "UnknownProvider"
  | "UnknownAccount"
  | "DuplicateAccount"
  | "UnsupportedProvider"
  | "MissingApiKey"
  | "InvalidApiKey"
  | "MissingEndpoint"
  | "UnknownEndpoint"
  | "InvalidBaseUrl"
  | "InvalidSettings"
  | "InvalidOption"
  | "InvalidHints"
  | "InvalidTaskId"

/** Something to be mended by the person who set gentask up: `message` says what, and what to do. */
export class ConfigurationError extends Data.TaggedError("ConfigurationError")<{
  readonly problem: ConfigurationProblem
  readonly message: string
}> {
  /** Asking again cannot help. */
  readonly isRetryable = false
}

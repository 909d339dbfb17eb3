/** Why we could not learn about a task. */
import * as Data from "effect/Data"
import type * as Exit from "effect/Exit"
import type { ErrorReason, ErrorReasonTag } from "../provider/ErrorReason.ts"
import { isRefusal, isTransient } from "../provider/ErrorReason.ts"
import type { ConfigurationError } from "../account/ConfigurationError.ts"

const said: Readonly<Record<ErrorReasonTag, string>> = {
  Unauthorized: "the key was refused",
  InsufficientCredits: "the account has no credit left",
  Forbidden: "the vendor forbids it",
  TaskNotFound: "the vendor knows no such task",
  InvalidRequest: "the vendor calls the question invalid",
  RateLimited: "too many requests",
  Unavailable: "the vendor cannot answer now",
  Unreachable: "the vendor could not be reached",
  RequestTimedOut: "no whole answer in time",
  UnexpectedResponse: "the answer is not what the vendor documents",
  ResponseTooLarge: "the answer is larger than the limit"
}

const advice: Readonly<Partial<Record<ErrorReasonTag, string>>> = {
  Unauthorized: "Check the API key of this account",
  InsufficientCredits: "Top up the account; the task itself is not lost",
  Forbidden:
    "Check what the key may do; some hosts answer so to programs without a known User-Agent, which the option userAgent sets",
  TaskNotFound: "Check the id and the account, and whether the vendor still keeps the task",
  UnexpectedResponse: "Check the base URL; if it is right, the vendor has changed its format",
  ResponseTooLarge: "Raise maxResponseBytes if such an answer is expected"
}

/** The vendor's words, short, on one line, and without anything that could drive a terminal. */
const quote = (text: string): string => {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim()
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean
}

const explain = (reason: ErrorReason): string => {
  const facts = [
    reason.httpStatus === undefined ? "" : `HTTP ${reason.httpStatus}`,
    reason.code == null ? "" : `code ${quote(reason.code)}`,
    reason._tag === "UnexpectedResponse" && reason.path !== "" ? `at ${quote(reason.path)}` : "",
    reason.requestId == null ? "" : `request ${quote(reason.requestId)}`
  ].filter((fact) => fact !== "")
  const words = reason.message == null ? "" : `: ${quote(reason.message)}`
  const wait =
    "retryAfterMs" in reason && reason.retryAfterMs !== undefined
      ? `. It asks to wait ${Math.ceil(reason.retryAfterMs / 1000)} s`
      : ""
  const next = advice[reason._tag]
  return `${said[reason._tag]}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}${words}${wait}${next === undefined ? "" : `. ${next}`}`
}

/** The exchange that went wrong. */
export type Operation = "query" | "download"

/**
 * Why we could not learn about a task. It says nothing about the task itself, which may well be running or done.
 * `reason._tag` tells why; `isRetryable` tells whether asking again later may help.
 */
export class ProviderError extends Data.TaggedError("ProviderError")<{
  readonly provider: string
  readonly account: string
  readonly operation: Operation
  readonly ref: string
  readonly reason: ErrorReason
  readonly message: string
}> {
  static make(fields: Omit<ConstructorParameters<typeof ProviderError>[0], "message">): ProviderError {
    return new ProviderError({ ...fields, message: `${fields.ref}: ${explain(fields.reason)}.` })
  }
  /** Whether the same question, asked again later, may well be answered. */
  get isRetryable(): boolean {
    return isTransient(this.reason)
  }
  /** Whether the vendor refused for good: waiting on cannot help. */
  get isRefusal(): boolean {
    return isRefusal(this.reason)
  }
}

/** Why a question has no answer. */
export type QueryFault = ProviderError | ConfigurationError

/** How an exchange went, for the account's budget. */
export const requestOutcome = (exit: Exit.Exit<unknown, QueryFault>): "answered" | ErrorReason | undefined =>
  exit._tag === "Success" ? "answered" : errorReasonOf(exit)

/** The fault that an exchange ended with; undefined for an answer, an interruption or a mistake of the caller's. */
export const errorReasonOf = (exit: Exit.Exit<unknown, QueryFault>): ErrorReason | undefined => {
  if (exit._tag === "Success") return undefined
  const reason = exit.cause.reasons.find((each) => each._tag === "Fail")
  return reason?.error._tag === "ProviderError" ? reason.error.reason : undefined
}

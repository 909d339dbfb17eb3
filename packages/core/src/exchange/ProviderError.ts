import type * as Exit from "effect/Exit"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ErrorReason, ErrorReasonTag } from "../provider/ErrorReason.ts"
import { isRefusal, isTransient } from "../provider/ErrorReason.ts"
import { GentaskError } from "../task/GentaskError.ts"
import { oneLine } from "../task/oneLine.ts"
import type { RequestOutcome } from "./RequestQueue.ts"

const summaries: Readonly<Record<ErrorReasonTag, string>> = {
  Unauthorized: "the vendor rejected the API key",
  InsufficientCredits: "the account has no credits left",
  Forbidden: "the vendor denied access",
  TaskNotFound: "the vendor does not know this task",
  InvalidRequest: "the vendor rejected the request as invalid",
  RateLimited: "too many requests",
  Unavailable: "the vendor is temporarily unavailable",
  Unreachable: "the vendor could not be reached",
  RequestTimedOut: "the request timed out",
  UnexpectedResponse: "unexpected response",
  ResponseTooLarge: "the response is too large"
}

const advice: Readonly<Partial<Record<ErrorReasonTag, string>>> = {
  Unauthorized: "Check the API key of this account.",
  InsufficientCredits: "Add credits to the account. The task itself is not affected.",
  Forbidden:
    "Check the permissions of the API key. Some hosts also reject unknown User-Agents: set the option userAgent.",
  TaskNotFound: "Check the task id and the account. The vendor may also have deleted the task.",
  ResponseTooLarge: "Increase maxResponseBytes if such a response is expected."
}

/** Only if nothing else says what is wrong may the vendor have changed its format. */
const adviceFor = (reason: ErrorReason): string | undefined => {
  if (reason._tag !== "UnexpectedResponse") return advice[reason._tag]
  const { code, path, httpStatus = 200 } = reason
  const isRedirect = httpStatus >= 300 && httpStatus < 400
  if (code != null || isRedirect) return undefined
  // A response that is unexpected as a whole, such as a web page, is that of another host.
  return path === ""
    ? "Check the base URL."
    : "Check the base URL. If it is correct, the vendor may have changed its format."
}

const maxQuotedLength = 300

/** Quotes vendor text on one line, shortened, without characters that could control a terminal. */
const quote = (text: string): string => oneLine(text, maxQuotedLength)

/** Ends a sentence with one period, unless it has an end already. */
const sentence = (text: string): string => (/[.!?…。！？]$/u.test(text) ? text : `${text}.`)

const describe = (reason: ErrorReason): string => {
  const details = [
    reason.httpStatus === undefined ? "" : `HTTP ${reason.httpStatus}`,
    reason.code == null ? "" : `code ${quote(reason.code)}`,
    reason._tag === "UnexpectedResponse" && reason.path !== "" ? `at ${quote(reason.path)}` : "",
    reason.requestId == null ? "" : `request id ${quote(reason.requestId)}`
  ].filter((detail) => detail !== "")
  const quoted = reason.message == null ? "" : quote(reason.message)
  const sentences = [
    sentence(
      `${summaries[reason._tag]}${details.length === 0 ? "" : ` (${details.join(", ")})`}${quoted === "" ? "" : `: ${quoted}`}`
    )
  ]
  if ("retryAfterMs" in reason && reason.retryAfterMs !== undefined)
    sentences.push(`Retry after ${Math.ceil(reason.retryAfterMs / 1000)} s.`)
  const next = adviceFor(reason)
  if (next !== undefined) sentences.push(next)
  return sentences.join(" ")
}

/** The fields of a {@link ProviderError}. */
export interface ProviderErrorFields {
  /** The provider's id. */
  readonly provider: string
  /** The account's name. */
  readonly account: string
  /** The task ref. */
  readonly ref: string
  /** What went wrong. */
  readonly reason: ErrorReason
  /** The vendor's response without the API key. */
  readonly raw?: unknown
}

/**
 * A query about a task failed. This says nothing about the task itself, which may be running or done.
 *
 * `reason._tag` says why, and `isRetryable` whether another query may succeed later.
 */
export class ProviderError extends GentaskError {
  /** The kind of error. */
  readonly _tag = "ProviderError"
  /** Equal to `_tag`. */
  override readonly name = "ProviderError"
  /** The provider's id. */
  readonly provider: string
  /** The account's name. */
  readonly account: string
  /** The task ref. */
  readonly ref: string
  /** Why, with the vendor's code, message and HTTP status where known. */
  readonly reason: ErrorReason
  /**
   * The vendor's response, if a query with the option `raw` received one: as JSON, or as text of at most 10,000
   * characters. The API key in it is redacted. Not enumerable, so that logs do not contain it.
   */
  declare readonly raw?: unknown

  constructor({ provider, account, ref, reason, raw }: ProviderErrorFields, options?: ErrorOptions) {
    super(`${ref}: ${describe(reason)}`, options)
    this.provider = provider
    this.account = account
    this.ref = ref
    this.reason = reason
    if (raw !== undefined) Object.defineProperty(this, "raw", { value: raw })
  }

  /** Whether the same query may succeed later. */
  get isRetryable(): boolean {
    return isTransient(this.reason)
  }

  /** Whether the vendor refused the query permanently, so that polling must stop. */
  get isRefusal(): boolean {
    return isRefusal(this.reason)
  }

  /** The delay until the next request that the vendor requires, in milliseconds. */
  get retryAfterMs(): number | undefined {
    return "retryAfterMs" in this.reason ? this.reason.retryAfterMs : undefined
  }
}

/** Why a query failed. */
export type QueryFailure = ProviderError | ConfigurationError

/** The reason that a request failed with. Undefined for a success, an interruption or a configuration error. */
export const errorReasonOf = (exit: Exit.Exit<unknown, QueryFailure>): ErrorReason | undefined => {
  if (exit._tag === "Success") return undefined
  const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  return failure?.error._tag === "ProviderError" ? failure.error.reason : undefined
}

/** How a request ended, for the rate budget of its account. */
export const requestOutcome = (exit: Exit.Exit<unknown, QueryFailure>): RequestOutcome =>
  exit._tag === "Success" ? "succeeded" : errorReasonOf(exit)

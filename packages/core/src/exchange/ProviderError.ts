import type * as Exit from "effect/Exit"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { isRefusal, isTransient } from "../provider/ErrorReason.ts"
import { GentaskError } from "../task/GentaskError.ts"
import { describeReason } from "./describeReason.ts"
import type { RequestOutcome } from "./RequestQueue.ts"

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
    const isAboutAccount = reason._tag === "InsufficientCredits"
    super(
      `${ref}: ${describeReason(reason)}${isAboutAccount ? " The task itself is not affected." : ""}`,
      options
    )
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

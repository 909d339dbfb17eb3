import { aboutRequest } from "../exchange/operationError.ts"
import { readVendorError } from "../exchange/readVendorError.ts"
import type { ReadError } from "../exchange/readVendorError.ts"
import type { ErrorFormat } from "../provider/ErrorFormat.ts"
import type { ErrorReason, ErrorReasonTag } from "../provider/ErrorReason.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import { rejected, retryable, unknownOutcome } from "../provider/SubmitOutcome.ts"
import type { SubmitOutcome } from "../provider/SubmitOutcome.ts"

/**
 * 4xx statuses that do not say that the vendor did nothing: a timeout, a conflict, a repeated request, or the response of a
 * proxy.
 */
const ambiguousClientErrors: ReadonlySet<number> = new Set([407, 408, 409, 425])

/** Checks whether the vendor may have created a task before it responded with an HTTP error. */
export const isAmbiguous = (status: number): boolean => status >= 500 || ambiguousClientErrors.has(status)

/** Errors that do not say whether the vendor has created a task. */
const ambiguousErrors: ReadonlySet<ErrorReasonTag> = new Set<ErrorReasonTag>([
  "Unavailable",
  "UnexpectedResponse",
  "Unreachable",
  "RequestTimedOut",
  "ResponseTooLarge"
])

/** The failures of a task that are the vendor's own. One that a submit reports may be that of a task. */
const ownFailures: ReadonlySet<string | undefined> = new Set(["upstream", "timeout", "unknown", undefined])

/** A task that the vendor rejects before it creates it is a submit that is rejected. */
const rejectedFor = (failure: NonNullable<ReadError["failure"]>, { code, message, requestId }: ErrorReason) =>
  rejected({
    _tag: failure.reason === "quota" ? "InsufficientCredits" : "InvalidRequest",
    code,
    message,
    requestId
  })

/** Returns what an error means that the provider has read. */
const fromError = (error: ReadError, status: number): SubmitOutcome => {
  const { reason, failure, submit, isDocumented } = error
  if (isAmbiguous(status)) return unknownOutcome(reason)
  switch (submit) {
    case "rejected":
      return failure === undefined ? rejected(reason) : rejectedFor(failure, reason)
    case "retry-later":
      return retryable(reason)
    case "retry-after-task-end":
      return retryable(reason, "after-task-end")
    case "unknown":
      return unknownOutcome(reason)
    default:
      if (!isDocumented) return status >= 400 ? rejected(reason) : unknownOutcome(reason)
      if (failure !== undefined)
        return ownFailures.has(failure.reason) ? unknownOutcome(reason) : rejectedFor(failure, reason)
      return ambiguousErrors.has(reason._tag) ? unknownOutcome(reason) : rejected(reason)
  }
}

/**
 * Decodes the error of a response to a submit as the provider describes it.
 *
 * @returns Undefined if the response is not an error, or if only its HTTP status counts.
 */
export const decodeSubmitError = (
  errors: ErrorFormat | undefined,
  body: unknown,
  head: ResponseHead
): SubmitOutcome | undefined => {
  const error = readVendorError(errors, body, head, "submit")
  return error && fromError({ ...error, reason: aboutRequest(error.reason) }, head.status)
}

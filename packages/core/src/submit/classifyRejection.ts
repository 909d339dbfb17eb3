import { classifyFailure } from "../provider/classifyFailure.ts"
import type { ErrorReason, ErrorReasonTag } from "../provider/ErrorReason.ts"
import type { Failure, FailureReason } from "../task/Failure.ts"

/** The reasons of a failed task that correspond to errors of a request. */
const reasons: Readonly<Partial<Record<ErrorReasonTag, FailureReason>>> = {
  InsufficientCredits: "quota",
  RateLimited: "quota",
  InvalidRequest: "invalid-input",
  Unavailable: "upstream"
}

/** Describes why a submit was rejected in the terms of a failed task. */
export const classifyRejection = (reason: ErrorReason): Failure => {
  const classified = classifyFailure(reason.code, reason.message)
  return {
    reason: classified?.reason ?? reasons[reason._tag] ?? "unknown",
    code: reason.code ?? null,
    message: reason.message ?? null,
    requestId: reason.requestId ?? null,
    canResubmit: classified?.canResubmit ?? null
  }
}

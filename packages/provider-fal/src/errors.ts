/**
 * The errors of fal. See https://fal.ai/docs/documentation/model-apis/errors for those of models, and
 * https://fal.ai/docs/documentation/model-apis/request-errors for those of requests.
 */
import { classifyFailure, codeTable, firstStringAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorFormat, FailureDraft, JsonObject, ResponseHead } from "@gentask/core/provider"

const failures = codeTable([
  { codes: ["content_policy_violation"], failure: { reason: "moderation", canResubmit: false } },
  { codes: ["request_timeout", "startup_timeout", "generation_timeout"], failure: { reason: "timeout" } },
  { codes: ["client_cancelled", "client_disconnected"], failure: { reason: "canceled" } },
  { codes: ["bad_request"], failure: { reason: "invalid-input", canResubmit: false } },
  {
    codes: [
      "runner_scheduling_failure",
      "runner_connection_timeout",
      "runner_disconnected",
      "runner_connection_refused",
      "runner_connection_error",
      "runner_incomplete_response",
      "runner_server_error",
      "internal_server_error",
      "downstream_service_error",
      "downstream_service_unavailable"
    ],
    failure: { reason: "upstream" }
  }
])

/** Returns the type of an error: that of the request, or of the model's first error. */
export const errorType = (body: JsonObject, { headers }: ResponseHead): string | undefined =>
  firstStringAt(body, "error_type", "detail.0.type") ?? (headers["x-fal-error-type"] || undefined)

/** Checks whether the type of an error is one that only a request that has ended has. */
export const isFailureType = (type: string | undefined): boolean => failures(type) !== undefined

/** Returns why a request failed. */
export const readFailure = (body: JsonObject, head: ResponseHead): FailureDraft => {
  const code = errorType(body, head)
  const { message } = readErrorDetail(body)
  const retryable = head.headers["x-fal-retryable"]?.toLowerCase()
  const known = failures(code)?.failure ?? classifyFailure(code, message)
  return {
    ...(known ?? (head.status === 422 ? { reason: "invalid-input" } : {})),
    ...(retryable === "true" || retryable === "false" ? { canResubmit: retryable === "true" } : {}),
    code,
    message,
    requestId: head.headers["x-fal-request-id"]
  }
}

/** A locked account is forbidden to submit, because its balance is exhausted. Other locks are not about credit. */
export const errors: ErrorFormat = {
  read: (body, { status }) => {
    if (status !== 403) return undefined
    const detail = readErrorDetail(body)
    const isAboutCredit = /\block(?:ed)?\b.*(?:balance|top[ _]up)/is.test(detail.message ?? "")
    return isAboutCredit ? { _tag: "InsufficientCredits", ...detail } : undefined
  }
}

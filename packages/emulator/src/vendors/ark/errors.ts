/**
 * Ark's errors.
 *
 * Documented: the form, the codes, their types and HTTP statuses (https://www.volcengine.com/docs/82379/1299023). Read in
 * public clients: the code for a running task that cannot be canceled. Invented: the codes for HTTP statuses that the page
 * does not have.
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

interface ErrorText {
  readonly code: string
  readonly type: string
  readonly message: string
}

const byStatus: Readonly<Record<number, ErrorText>> = {
  400: {
    code: "InvalidParameter",
    type: "BadRequest",
    message: "One or more parameters specified in the request are not valid."
  },
  401: {
    code: "AuthenticationError",
    type: "Unauthorized",
    message: "The API key or AK/SK in the request is missing or invalid."
  },
  403: {
    code: "AccessDenied",
    type: "Forbidden",
    message: "The request failed because you do not have access to the requested resource."
  },
  404: {
    code: "NotFound.task_id",
    type: "NotFound",
    message: "The specified resource task_id is not found."
  },
  429: {
    code: "AccountRateLimitExceeded",
    type: "TooManyRequests",
    message: "The request failed because it has exceeded the rate limit of the account."
  },
  500: {
    code: "InternalServiceError",
    type: "InternalServerError",
    message: "The service encountered an unexpected internal error. Please retry later."
  }
}

/** An error response. */
export const arkError = (status: number, code: string, message: string): WireResponse => {
  const type = byStatus[status]?.type ?? statusTextOf(status).replaceAll(" ", "")
  const text = `${message} Request id: 0217${"0".repeat(40)}`
  return jsonResponse(status, { error: { code, message: text, param: "", type } })
}

/** The response to an invalid parameter. */
export const invalidParameter = (message: string): WireResponse => arkError(400, "InvalidParameter", message)

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code, message } = {}) => {
    const known = byStatus[status] ?? (status < 500 ? undefined : byStatus[500])
    const text = statusTextOf(status)
    return arkError(
      status,
      String(code ?? known?.code ?? text.replaceAll(" ", "")),
      message ?? known?.message ?? text
    )
  },
  // Documented: the limit has a code of its own, and the page mentions no header.
  rateLimited: () =>
    arkError(
      429,
      "RateLimitExceeded.EndpointRPMExceeded",
      "The Requests Per Minute (RPM) limit of the associated endpoint for your account has been exceeded."
    ),
  tooManyActive: () =>
    arkError(429, "QuotaExceeded", "The number of queued tasks of your account has exceeded its quota."),
  noCredit: () =>
    arkError(403, "AccountOverdueError", "The request failed because your account has an overdue balance.")
}

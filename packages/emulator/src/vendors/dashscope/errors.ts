/**
 * DashScope's errors.
 *
 * Documented: the form, and the codes of HTTP 400, 401, 404, 429 and 500 with their messages
 * (https://www.alibabacloud.com/help/en/model-studio/error-code). Invented: the code of any other HTTP status.
 */
import { randomUUID } from "node:crypto"
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

const byStatus: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ["InvalidParameter", "Required parameter(s) missing or invalid, please check the request parameters."],
  401: ["InvalidApiKey", "Invalid API-key provided."],
  403: ["AccessDenied", "Access denied."],
  404: ["ModelNotFound", "Model can not be found."],
  429: ["Throttling.RateQuota", "Requests rate limit exceeded, please try again later."],
  500: ["InternalError", "An internal error has occured, please try again later or contact service support."]
}

/** An error response. */
export const dashscopeError = (status: number, code: string, message: string): WireResponse =>
  jsonResponse(status, { code, message, request_id: randomUUID() })

/** The response to an invalid parameter. */
export const invalidParameter = (message: string): WireResponse =>
  dashscopeError(400, "InvalidParameter", message)

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code, message } = {}) => {
    const [ownCode, ownMessage] = byStatus[status] ?? [
      `HTTP.${status}`,
      status < 500 ? statusTextOf(status) : (byStatus[500]?.[1] ?? "")
    ]
    return dashscopeError(status, String(code ?? ownCode), message ?? ownMessage)
  },
  // Documented: an unknown task has a status of its own, in HTTP 200.
  unknownTask: (taskId) =>
    jsonResponse(200, { request_id: randomUUID(), output: { task_id: taskId, task_status: "UNKNOWN" } }),
  // The page mentions no header.
  rateLimited: () => errors.error(429),
  tooManyActive: () =>
    dashscopeError(
      429,
      "Throttling.AllocationQuota",
      "Allocated quota exceeded, please increase your quota limit."
    ),
  noCredit: () =>
    dashscopeError(400, "Arrearage", "Access denied, please make sure your account is in good standing.")
}

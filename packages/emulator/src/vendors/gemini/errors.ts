/**
 * The errors of the Gemini API.
 *
 * Documented: the words for each HTTP status (https://ai.google.dev/gemini-api/docs/troubleshooting), the details
 * `ErrorInfo` and `RetryInfo` (google/rpc/error_details.proto) and the reason `API_KEY_INVALID`
 * (google/api/error_reason.proto). Invented: most texts, and 429 for an account that cannot pay.
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

const words: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED"
}

const errorResponse = (
  status: number,
  code: number | string,
  message: string,
  details: readonly object[]
): WireResponse =>
  jsonResponse(status, {
    error: {
      code,
      message,
      status: words[status] ?? "UNKNOWN",
      ...(details.length > 0 && { details })
    }
  })

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { code = status, message = statusTextOf(status), retryAfter } = {}) =>
    errorResponse(
      status,
      code,
      message,
      retryAfter === undefined
        ? []
        : [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${retryAfter}s` }]
    ),
  unauthorized: () =>
    errorResponse(400, 400, "API key not valid. Please pass a valid API key.", [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "API_KEY_INVALID",
        domain: "googleapis.com",
        metadata: { service: "generativelanguage.googleapis.com" }
      }
    ]),
  noCredit: () =>
    errors.error(429, {
      message: "You exceeded your current quota, please check your plan and billing details."
    }),
  // The delay is in the body.
  rateLimited: ({ retryAfter }) =>
    errors.error(429, { retryAfter, message: "You exceeded the rate limit of requests." })
}

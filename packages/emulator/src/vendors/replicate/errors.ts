/**
 * Replicate's errors.
 *
 * Documented: the text of 429 (https://replicate.com/docs/topics/predictions/rate-limits). Invented: the other texts,
 * in the form `{ title, detail, status }` that its clients print.
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorErrors } from "../VendorModule.ts"

const problem = (status: number, title: string, detail: string): WireResponse =>
  jsonResponse(status, { title, detail, status })

/** The response to invalid input. */
export const invalidInput = (detail: string): WireResponse => problem(422, "Input validation failed", detail)

/** The errors. */
export const errors: VendorErrors = {
  error: (status, { message, retryAfter = 1 } = {}) =>
    status === 429
      ? jsonResponse(429, {
          detail: `Request was throttled. Your rate limit resets in ~${retryAfter}s.`,
          status
        })
      : problem(status, statusTextOf(status), message ?? statusTextOf(status)),
  unauthorized: () => problem(401, "Unauthenticated", "You did not pass a valid authentication token"),
  unknownTask: () => problem(404, "Not found", "The requested resource could not be found."),
  noCredit: () =>
    problem(
      402,
      "Insufficient credit",
      "You have insufficient credit to run this model. Purchase credit first."
    ),
  // Documented: the body has the wait, and no header is mentioned.
  rateLimited: ({ retryAfter }) => errors.error(429, { retryAfter })
}

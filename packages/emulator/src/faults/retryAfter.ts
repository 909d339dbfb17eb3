/** The Retry-After header. */
import type { WireResponse } from "../WireResponse.ts"
import type { RetryAfter } from "./QueryFault.ts"

/** Both notations of a script in one. */
export const toRetryAfter = (retryAfter: number | RetryAfter | undefined): RetryAfter | undefined =>
  typeof retryAfter === "number" ? { seconds: retryAfter } : retryAfter

/** The response with a Retry-After header, if there is one to add. */
export const withRetryAfter = (response: WireResponse, retryAfter: RetryAfter | undefined): WireResponse => {
  if (retryAfter === undefined || retryAfter.as === "body") return response
  // Rounded up to the second, so that a client that waits until then is never early.
  const date = new Date(Math.ceil(Date.now() / 1000 + retryAfter.seconds) * 1000)
  const value = retryAfter.as === "date" ? date.toUTCString() : String(retryAfter.seconds)
  return { ...response, headers: { ...response.headers, "retry-after": value } }
}

import { numberAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorFormat } from "@gentask/core/provider"

export const errors: ErrorFormat = {
  // A request above the rate limit. Its wait is in a sentence, "Your rate limit resets in ~30s.", and in `retry_after` of
  // recent responses. See https://replicate.com/docs/topics/predictions/rate-limits
  read: (body, { status }) => {
    if (status !== 429) return undefined
    const { message } = readErrorDetail(body)
    const wait = /(?:resets|available) in ~?(\d+(?:\.\d+)?)\s*s/i.exec(message ?? "")?.[1]
    const seconds = wait === undefined ? numberAt(body, "retry_after") : Number(wait)
    return {
      message,
      retryAfterMs: seconds === undefined ? undefined : Math.ceil(seconds * 1000),
      // The vendor's own words say that the request was throttled, and when its limit resets.
      submit: /\bthrottled\b/i.test(message ?? "") ? "retry-later" : undefined
    }
  },
  // Of failed predictions. See https://replicate.com/docs/reference/error-codes
  codes: [
    { codes: ["E1000"], failure: { reason: "upstream", canResubmit: true } },
    // "Try reducing the size of your input."
    { codes: ["E1001"], failure: { reason: "invalid-input" } },
    { codes: ["E6716"], failure: { reason: "timeout" } }
  ]
}

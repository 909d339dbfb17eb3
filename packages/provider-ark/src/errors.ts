import type { ErrorFormat } from "@gentask/core/provider"

/** Codes whose HTTP status says less. See https://www.volcengine.com/docs/82379/1299023 */
export const errors: ErrorFormat = {
  codes: [
    { codes: ["AccountOverdueError", "SetLimitExceeded"], error: "InsufficientCredits" },
    { codes: ["ModelNotOpen"], error: "Forbidden" },
    // Limits that end with time: the vendor documents "please retry later" for a request that it did not carry out.
    {
      codes: [
        /^(?:RateLimitExceeded\..+|(?:Model|API)Account\w+RateLimitExceeded|AccountRateLimitExceeded|RequestBurstTooFast|ServerOverloaded)$/
      ],
      error: "RateLimited",
      submit: "retry-later"
    }
  ]
}

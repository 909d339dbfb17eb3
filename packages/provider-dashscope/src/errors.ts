import type { ErrorFormat } from "@gentask/core/provider"

/** Codes whose HTTP status says less. See https://www.alibabacloud.com/help/en/model-studio/error-code */
export const errors: ErrorFormat = {
  codes: [
    { codes: ["Arrearage", "AllocationQuota.FreeTierOnly"], error: "InsufficientCredits" },
    // Limits that end with time. Each has the message "please try again later".
    {
      codes: ["Throttling", "Throttling.RateQuota", "Throttling.BurstRate"],
      error: "RateLimited",
      submit: "retry-later"
    }
  ]
}

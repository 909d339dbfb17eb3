import { codeAt, firstStringAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorFormat } from "@gentask/core/provider"

/** The code of success. */
const success = "0"

export const errors: ErrorFormat = {
  read: (body) => {
    const code = codeAt(body, "code")
    if (code === success) return undefined
    const said = firstStringAt(body, "message") ?? readErrorDetail(body).message
    // A new token can be expired or not yet valid only if the clock is wrong.
    const isClockError = code === "1003" || code === "1004"
    const message = isClockError
      ? `Check this machine's clock, which dates the token: ${said ?? "no message"}`
      : said
    return { code, message, requestId: firstStringAt(body, "request_id") }
  },
  // From https://app.klingai.com/global/dev/document-api/apiReference/commonInfo. Their HTTP statuses are less specific, or
  // have another meaning: missing credit is 429, and an invalid method is 404.
  codes: [
    { codes: [1000, 1001, 1002, 1003, 1004], error: "Unauthorized" },
    { codes: [1101, 1102], error: "InsufficientCredits" },
    { codes: [1100, 1103, 1304], error: "Forbidden" },
    { codes: [1200, 1201, 1202, 1300, 1301], error: "InvalidRequest" },
    { codes: [1203], error: "TaskNotFound" },
    { codes: [1302], error: "RateLimited", submit: "retry-later" },
    // The limit of concurrent tasks, and the only one of submits: "retry with exponential backoff".
    { codes: [1303], error: "RateLimited", submit: "retry-after-task-end" },
    { codes: [5000, 5001, 5002], error: "Unavailable" }
  ]
}

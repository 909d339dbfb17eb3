import { codeTable, readErrorDetail } from "@gentask/core/provider"
import type { ErrorDetail, ErrorReason } from "@gentask/core/provider"
import type { KlingEnvelope, KlingResponse } from "./wire.ts"

// From https://app.klingai.com/global/dev/document-api/apiReference/commonInfo. Their HTTP statuses are less
// specific, or have another meaning: missing credit is 429, and an invalid method is 404.
const codes = codeTable([
  { codes: [1000, 1001, 1002, 1003, 1004], error: "Unauthorized" },
  { codes: [1101, 1102], error: "InsufficientCredits" },
  { codes: [1100, 1103, 1304], error: "Forbidden" },
  { codes: [1200, 1201, 1202, 1300, 1301], error: "InvalidRequest" },
  { codes: [1203], error: "TaskNotFound" },
  { codes: [1302, 1303], error: "RateLimited" },
  { codes: [5000, 5001, 5002], error: "Unavailable" }
])

type AnyResponse = KlingResponse | KlingEnvelope

/** Returns the code as text. An absent code is not that of success. */
export const codeOf = ({ code }: AnyResponse): string => String(code ?? "").trim()

/** Returns the code and the message of a response that is an error. */
export const errorDetailOf = (body: AnyResponse): ErrorDetail => {
  const code = codeOf(body)
  // A new token can be expired or not yet valid only if the clock is wrong.
  const isClockError = code === "1003" || code === "1004"
  const said = body.message ?? readErrorDetail(body).message
  const message = isClockError
    ? `Check this machine's clock, which dates the token: ${said ?? "no message"}`
    : said
  return { code, message, requestId: body.request_id }
}

/**
 * Returns the reason of a documented code, whatever its HTTP status.
 *
 * @returns Undefined for other codes.
 */
export const reasonOf = (body: AnyResponse): ErrorReason | undefined => {
  const tag = codes(codeOf(body))?.error
  return tag && { _tag: tag, ...errorDetailOf(body) }
}

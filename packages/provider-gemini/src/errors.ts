import { firstStringAt, listAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorDetail, ErrorFormat } from "@gentask/core/provider"

const seconds = /^(\d+(?:\.\d+)?)s$/

/** The message of an error is more specific than its details. */
const detailOf = (body: unknown): ErrorDetail => ({
  ...readErrorDetail(body),
  message: firstStringAt(body, "error.message")
})

/** What the details of HTTP errors say, which their status does not. */
export const errors: ErrorFormat = {
  read: (body, { status }) => {
    if (status < 400) return undefined
    // See https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
    const details = listAt(body, "error.details")
    // The status is 400.
    if (status < 500 && details.some((each) => firstStringAt(each, "reason") === "API_KEY_INVALID"))
      return { _tag: "Unauthorized", ...detailOf(body) }
    const delay = details.flatMap(
      (each) => seconds.exec(firstStringAt(each, "retryDelay") ?? "")?.[1] ?? []
    )[0]
    if (delay === undefined || (status !== 429 && status !== 503)) return undefined
    return { ...detailOf(body), retryAfterMs: Math.ceil(Number(delay) * 1000) }
  }
}

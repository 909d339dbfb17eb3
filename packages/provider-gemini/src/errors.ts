import { firstStringAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorDetail, ErrorFormat } from "@gentask/core/provider"
import * as z from "zod"

const seconds = /^(\d+(?:\.\d+)?)s$/

/** The details of an error. See https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto */
const details = z.object({
  error: z.object({
    details: z.array(
      z.looseObject({
        reason: z.string().optional().catch(undefined),
        retryDelay: z.string().optional().catch(undefined)
      })
    )
  })
})

/** The message of an error is more specific than its details. */
const detailOf = (body: unknown): ErrorDetail => ({
  ...readErrorDetail(body),
  message: firstStringAt(body, "error.message")
})

/** What the details of HTTP errors say, which their status does not. */
export const errors: ErrorFormat = {
  read: (body, { status }) => {
    if (status < 400) return undefined
    const parsed = details.safeParse(body)
    if (!parsed.success) return undefined
    const all = parsed.data.error.details
    // The status is 400.
    if (status < 500 && all.some(({ reason }) => reason === "API_KEY_INVALID"))
      return { _tag: "Unauthorized", ...detailOf(body) }
    const delay = all.flatMap(({ retryDelay }) => seconds.exec(retryDelay ?? "")?.[1] ?? [])[0]
    if (delay === undefined || (status !== 429 && status !== 503)) return undefined
    return { ...detailOf(body), retryAfterMs: Math.ceil(Number(delay) * 1000) }
  }
}

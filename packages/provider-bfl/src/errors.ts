/** The errors of Black Forest Labs. See https://docs.bfl.ai/api_integration/errors */
import { firstStringAt, numberAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorFormat, ErrorText, JsonObject } from "@gentask/core/provider"

/** Reads an error: `error` is a code beside a `message`, or else a sentence. */
export const readDetail = (body: JsonObject): ErrorText => {
  const error = firstStringAt(body, "error")
  if (error === undefined || !/^[a-z]+(?:_[a-z]+)*$/.test(error)) return readErrorDetail(body)
  const message = firstStringAt(body, "message")
  return { code: error, ...(message === undefined ? {} : { message }) }
}

/** Returns the delay that the vendor requests in the body, in milliseconds. */
const retryAfterOf = (body: JsonObject): number | undefined => {
  const seconds = numberAt(body, "retry_after")
  return seconds !== undefined && seconds >= 0 ? seconds * 1000 : undefined
}

/** Statuses that mean the same for queries and submits. */
const clientErrors: ReadonlySet<number> = new Set([400, 401, 402, 403, 422, 429])

export const errors: ErrorFormat = {
  read: (body, { status }) => {
    if (!clientErrors.has(status)) return undefined
    const detail = readDetail(body)
    // "Missing or invalid keys result in 'Not authenticated' errors", which have HTTP 403.
    if (status === 403 && /not authenticated/i.test(detail.message ?? ""))
      return { _tag: "Unauthorized", ...detail }
    // "You exceeded your concurrency limit. Back off and retry once a previous task finishes." The body says when.
    const isOfVendor = body["error"] !== undefined || body["detail"] !== undefined
    const submit = status === 429 && isOfVendor ? "retry-later" : undefined
    return { ...detail, retryAfterMs: retryAfterOf(body), submit }
  }
}

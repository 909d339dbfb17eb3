/** Converts the status of a file server's response to an error. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as RetryAfter from "../../http/retryAfter.ts"
import { DownloadError } from "./DownloadError.ts"
import type { LinkContext, OpenedLink } from "./openLink.ts"

/**
 * Statuses below 500 that may be temporary. 202 and 204 are those of a file that is not there yet, as is an empty 200.
 * 206 is one if no range was requested: the server has mixed up requests.
 */
const temporaryStatuses: ReadonlySet<number> = new Set([202, 204, 206, 408, 409, 425, 429])

/** The error for a response that does not contain the file. */
export const responseError = Effect.fnUntraced(function* (
  { response: { status, headers }, url }: OpenedLink,
  { credentials }: LinkContext
) {
  const message = `the file server responded with HTTP ${status}`
  const fail = (_tag: "LinkExpired" | "LinkForbidden" | "Rejected") =>
    new DownloadError({ reason: { _tag, httpStatus: status }, message })
  if (status === 404 || status === 410) return fail("LinkExpired")
  if (status === 401 || status === 403) {
    // On its own host, the account's credentials were sent, so the link itself must be invalid.
    const isOwnHost = credentials({ method: "GET", url, headers: {}, body: undefined }) !== undefined
    return fail(isOwnHost ? "LinkExpired" : "LinkForbidden")
  }
  if (status < 500 && !temporaryStatuses.has(status)) return fail("Rejected")
  const retryAfterMs = RetryAfter.fromHeaders(headers, yield* Clock.currentTimeMillis)
  return new DownloadError({ reason: { _tag: "Transient", httpStatus: status, retryAfterMs }, message })
})

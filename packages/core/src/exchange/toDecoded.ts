/** What a provider has read of a response, completed by core. */
import { rateLimitReset } from "../http/rateLimitReset.ts"
import * as retryAfter from "../http/retryAfter.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { QueryOutcome } from "../provider/QueryOutcome.ts"
import type { SnapshotDraft } from "../provider/SnapshotDraft.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { DecodedResponse, Decoding, ReceivedResponse } from "./Decoding.ts"
import { describeBody } from "./describeBody.ts"
import { normalizeSnapshot } from "./normalizeSnapshot.ts"
import { refineError } from "./refineError.ts"
import { resolveUrl } from "./TaskQuery.ts"
import { withUnreadMedia } from "./unreadMedia.ts"
import { withReasonOfCode } from "./withReasonOfCode.ts"

/** The response is not what the vendor documents. */
export const unexpected = (response: ReceivedResponse, path: string, message: string): DecodedResponse => ({
  _tag: "Error",
  reason: { _tag: "UnexpectedResponse", path, message, httpStatus: response.status }
})

/** Describes a body that is not JSON. */
export const notJsonMessage = ({ response, secrets }: Decoding): string =>
  response.bodyError ?? describeBody(response.text, response.headers["content-type"], secrets)

/** Uses the longer of the waits in the body and in the headers, and the reset of a rate limit if both are missing. */
export const withRetryAfter = (reason: ErrorReason, { response, retryAfterMs }: Decoding): ErrorReason => {
  if (reason._tag !== "RateLimited" && reason._tag !== "Unavailable") return reason
  const waits = [retryAfter.bounded(reason.retryAfterMs), retryAfterMs].filter((wait) => wait !== undefined)
  if (waits.length > 0) return { ...reason, retryAfterMs: Math.max(...waits) }
  const resetMs = reason._tag === "RateLimited" ? rateLimitReset(response.headers, response.at) : undefined
  return { ...reason, retryAfterMs: resetMs }
}

/** Completes what the provider has read about the task. */
export const toSnapshot = (decoding: Decoding, draft: SnapshotDraft): DecodedResponse => {
  const { query, response, body, retryAfterMs } = decoding
  const { ref, id, account } = query
  const snapshot = normalizeSnapshot(withReasonOfCode(draft, account.spec.errors), {
    ref,
    id,
    provider: account.spec.id,
    account: account.name,
    baseUrl: account.baseUrl,
    at: response.at,
    resultLifetime: account.spec.resultLifetimeMs,
    statuses: account.spec.statuses
  })
  return {
    _tag: "Snapshot",
    snapshot: withUnreadMedia(snapshot, draft, body),
    pollAfterMs: retryAfter.bounded(draft.pollAfterMs),
    retryAfterMs,
    raw: body,
    // Links may expire some time after each response.
    isRepeatable:
      !isTerminal(snapshot.status) &&
      snapshot.outputs.length === 0 &&
      draft.pollAfterMs == null &&
      !decoding.hasReadHeaders()
  }
}

/** Uses what the texts of an error say, where they are more specific than its kind: a task may have failed. */
export const fromError = (decoding: Decoding, error: ErrorReason): DecodedResponse => {
  const refined = refineError(error, decoding.decoder.isFollowUp === true)
  if (refined._tag === "Failed") return toSnapshot(decoding, refined.draft)
  return { _tag: "Error", reason: withRetryAfter(refined.reason, decoding) }
}

export const fromOutcome = (decoding: Decoding, outcome: QueryOutcome): DecodedResponse => {
  const { query, response } = decoding
  switch (outcome._tag) {
    case "Snapshot":
      return toSnapshot(decoding, outcome.draft)
    case "Error":
      return fromError(decoding, { httpStatus: response.status, ...outcome.reason })
    case "FollowUp":
      // Throws if a path from the response leaves the vendor's API: an unexpected response, not a user's mistake.
      resolveUrl(query, outcome.followUp.request)
      return outcome
    default:
      return unexpected(response, "", `The provider ${query.account.spec.id} returned an unknown outcome`)
  }
}

import { rateLimitReset } from "../http/rateLimitReset.ts"
import * as retryAfter from "../http/retryAfter.ts"
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { ErrorDetail, ErrorReason } from "../provider/ErrorReason.ts"
import type { FollowUp, QueryOutcome } from "../provider/QueryOutcome.ts"
import { readErrorDetail } from "../provider/readErrorDetail.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import type { SnapshotDraft } from "../provider/SnapshotDraft.ts"
import { validateResponse } from "../provider/validate.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { keyOf } from "./authHeaders.ts"
import { describeBody } from "./describeBody.ts"
import { describeRedirect } from "./describeRedirect.ts"
import { normalizeSnapshot } from "./normalizeSnapshot.ts"
import { isBlank, notJson, parseBody } from "./parseBody.ts"
import { readVendorError } from "./readVendorError.ts"
import type { Secrets } from "./redact.ts"
import { refineError } from "./refineError.ts"
import { resolveUrl } from "./TaskQuery.ts"
import type { TaskQuery } from "./TaskQuery.ts"
import { withUnreadMedia } from "./unreadMedia.ts"
import { withReasonOfCode } from "./withReasonOfCode.ts"

/** A complete response of a vendor. */
export interface ReceivedResponse {
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Why the body could not be decoded, if so. `text` is empty then. */
  readonly bodyError?: string | undefined
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number
}

/** What a response means. */
export type DecodedResponse =
  | {
      readonly _tag: "Snapshot"
      readonly snapshot: TaskSnapshot
      /** Delay until the next poll that the vendor suggests, in milliseconds. */
      readonly pollAfterMs: number | undefined
      /** Minimum delay until the next request that the vendor requires, in milliseconds. */
      readonly retryAfterMs: number | undefined
      /** The response as JSON. */
      readonly raw: unknown
      /** Whether another response with the same body means the same. @default false */
      readonly isRepeatable?: boolean
    }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }
  | { readonly _tag: "FollowUp"; readonly followUp: FollowUp }

/** How to decode one response: that of a query, or that of a follow-up. */
export interface ResponseDecoder {
  /** True if an earlier response knew the task, so that "not found" says nothing about it. */
  readonly isFollowUp?: boolean
  readonly response?: FollowUp["response"]
  readonly decode: (body: never, head: ResponseHead) => QueryOutcome
  readonly decodeError?: ((body: never, head: ResponseHead) => QueryOutcome | undefined) | undefined
}

/** Maximum number of follow-up requests of one query. */
export const maxFollowUps = 3

/** Returns the decoder for the first response of a query. */
export const queryDecoder = ({ account, task }: TaskQuery): ResponseDecoder => {
  const { response, decode, decodeError } = account.spec.query
  return {
    response,
    decode: (body, head) => decode(body, head, task),
    decodeError: decodeError && ((body, head) => decodeError(body, head, task))
  }
}

/** Returns the decoder for the response of a follow-up. */
export const followUpDecoder = (followUp: FollowUp): ResponseDecoder => ({
  ...followUp,
  isFollowUp: true
})

const unexpected = (response: ReceivedResponse, path: string, message: string): DecodedResponse => ({
  _tag: "Error",
  reason: { _tag: "UnexpectedResponse", path, message, httpStatus: response.status }
})

/** Uses the longer of the waits in the body and in the headers, and the reset of a rate limit if both are missing. */
const withRetryAfter = (reason: ErrorReason, { response, retryAfterMs }: Decoding): ErrorReason => {
  if (reason._tag !== "RateLimited" && reason._tag !== "Unavailable") return reason
  const waits = [retryAfter.bounded(reason.retryAfterMs), retryAfterMs].filter((wait) => wait !== undefined)
  if (waits.length > 0) return { ...reason, retryAfterMs: Math.max(...waits) }
  const resetMs = reason._tag === "RateLimited" ? rateLimitReset(response.headers, response.at) : undefined
  return { ...reason, retryAfterMs: resetMs }
}

/** A response while it is decoded. */
interface Decoding {
  readonly query: TaskQuery
  readonly decoder: ResponseDecoder
  readonly response: ReceivedResponse
  readonly head: ResponseHead
  /** Whether the provider has read the headers of `head`. */
  readonly hasReadHeaders: () => boolean
  readonly body: unknown
  readonly retryAfterMs: number | undefined
  readonly secrets: Secrets
}

const notJsonMessage = ({ response, secrets }: Decoding): string =>
  response.bodyError ?? describeBody(response.text, response.headers["content-type"], secrets)

const toSnapshot = (decoding: Decoding, draft: SnapshotDraft): DecodedResponse => {
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
const fromError = (decoding: Decoding, error: ErrorReason): DecodedResponse => {
  const refined = refineError(error, decoding.decoder.isFollowUp === true)
  if (refined._tag === "Failed") return toSnapshot(decoding, refined.draft)
  return { _tag: "Error", reason: withRetryAfter(refined.reason, decoding) }
}

const fromOutcome = (decoding: Decoding, outcome: QueryOutcome): DecodedResponse => {
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

/** The HTTP status of a follow-up cannot mean that the vendor does not know the task: an earlier response knew it. */
const unknownInFollowUp = (
  reason: ErrorReason,
  { isFollowUp }: ResponseDecoder
): DecodedResponse | undefined =>
  isFollowUp === true && reason._tag === "TaskNotFound"
    ? { _tag: "Error", reason: { ...reason, _tag: "UnexpectedResponse", path: "" } }
    : undefined

/** Decodes the error of a response as the provider describes it. Undefined if there is none. */
const decodeVendorError = (decoding: Decoding): DecodedResponse | undefined => {
  const { query, decoder, body, head } = decoding
  const error = readVendorError(query.account.spec.errors, body, head, "query")
  if (error === undefined) return undefined
  const { failure, isDocumented } = error
  const reason = { httpStatus: head.status, ...error.reason }
  // In a follow-up, it says nothing about the task: an earlier response has reported how the task ended.
  if (failure !== undefined && decoder.isFollowUp !== true) {
    const { code, message, requestId } = reason
    return toSnapshot(decoding, { status: "failed", failure: { ...failure, code, message, requestId } })
  }
  const unknown = isDocumented ? undefined : unknownInFollowUp(reason, decoder)
  return unknown ?? fromError(decoding, reason)
}

/** Whether the body is only a part of JSON, or JSON without names, which the provider cannot read. */
const isDamaged = ({ body, response }: Decoding): boolean =>
  body === notJson
    ? /^\s*[[{]/.test(response.text)
    : typeof body !== "object" || body === null || Array.isArray(body)

/** Lets the provider decode a body with an error status. Undefined if it leaves the verdict to the status. */
const decodeErrorBody = ({ decoder, body, head }: Decoding): QueryOutcome | undefined => {
  if (decoder.decodeError === undefined || body === notJson) return undefined
  const valid = validateResponse(decoder.response, body)
  return valid.ok ? decoder.decodeError(valid.value as never, head) : undefined
}

const decodeErrorStatus = (decoding: Decoding): DecodedResponse => {
  const { body, response, decoder } = decoding
  const { status } = response
  const outcome = decodeErrorBody(decoding)
  if (outcome !== undefined) return fromOutcome(decoding, outcome)
  const error = decodeVendorError(decoding)
  if (error !== undefined) return error
  const redirect = describeRedirect(status, response.headers, decoding.query.account.baseUrl)
  if (redirect !== undefined) return unexpected(response, "", redirect)
  const detail: ErrorDetail = body === notJson ? { message: notJsonMessage(decoding) } : readErrorDetail(body)
  const reason = errorFromStatus(status, { ...detail, httpStatus: status }) as ErrorReason
  const unknown = unknownInFollowUp(reason, decoder)
  if (unknown !== undefined) return unknown
  const decoded: DecodedResponse =
    body === notJson
      ? { _tag: "Error", reason: withRetryAfter(reason, decoding) }
      : fromError(decoding, reason)
  const isInvalid = decoded._tag === "Error" && decoded.reason._tag === "InvalidRequest"
  const readsErrors = decoder.decodeError !== undefined || decoding.query.account.spec.errors !== undefined
  // Intact, it may say that the task has failed or is unknown, which would not be an error of the query.
  return isInvalid && readsErrors && isDamaged(decoding)
    ? { _tag: "Error", reason: { ...decoded.reason, _tag: "UnexpectedResponse", path: "" } }
    : decoded
}

const decodeValue = (decoding: Decoding): DecodedResponse => {
  const { body, response, decoder, head } = decoding
  const valid = validateResponse(decoder.response, body)
  if (valid.ok) return fromOutcome(decoding, decoder.decode(valid.value as never, head))
  return unexpected(response, valid.path, body === undefined ? notJsonMessage(decoding) : valid.message)
}

const decodeBody = (decoding: Decoding): DecodedResponse => {
  const { body, response } = decoding
  if (isBlank(response)) {
    const { status } = response
    const withoutBody = { ...decoding, body: undefined }
    // A query that is accepted without content: the task has not ended (RFC 9110, 15.3.3).
    return status === 202 || status === 204
      ? toSnapshot(withoutBody, { status: "running" })
      : decodeValue(withoutBody)
  }
  if (body === notJson) return unexpected(response, "", notJsonMessage(decoding))
  return decodeVendorError(decoding) ?? decodeValue(decoding)
}

/** Returns what the provider sees of a response besides its body. */
const observeHead = ({ status, headers }: ReceivedResponse): Pick<Decoding, "head" | "hasReadHeaders"> => {
  let isRead = false
  const head = {
    status,
    get headers() {
      isRead = true
      return headers
    }
  }
  return { head, hasReadHeaders: () => isRead }
}

/**
 * Decodes a response in this order: HTTP status, JSON, the vendor's errors, the provider's schema, and then the provider. The same
 * response always decodes to the same result. A provider that throws makes the response an unexpected one.
 *
 * @param secrets Redacted in what the provider reads. Defaults to the API key.
 */
export const decodeResponse = (
  query: TaskQuery,
  decoder: ResponseDecoder,
  response: ReceivedResponse,
  secrets: Secrets = keyOf(query.account)
): DecodedResponse => {
  const { status, headers } = response
  try {
    const decoding: Decoding = {
      query,
      decoder,
      response,
      ...observeHead(response),
      body: parseBody(response.text, secrets),
      secrets,
      retryAfterMs: retryAfter.fromHeaders(headers, response.at)
    }
    return status < 200 || status >= 300 ? decodeErrorStatus(decoding) : decodeBody(decoding)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `The provider ${query.account.spec.id} failed to decode the response: ${why}`
    return unexpected(response, "", message)
  }
}

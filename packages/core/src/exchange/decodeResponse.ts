import * as retryAfter from "../http/retryAfter.ts"
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { FollowUp, QueryOutcome } from "../provider/QueryOutcome.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import { Secret } from "../provider/Secret.ts"
import type { SnapshotDraft } from "../provider/SnapshotDraft.ts"
import { validate } from "../provider/validate.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { normalizeSnapshot } from "./normalizeSnapshot.ts"
import { mayHold, redactJson } from "./redact.ts"
import { resolveUrl } from "./TaskQuery.ts"
import type { TaskQuery } from "./TaskQuery.ts"

/** A complete response of a vendor. */
export interface ReceivedResponse {
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
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
    }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }
  | { readonly _tag: "FollowUp"; readonly followUp: FollowUp }

/** How to decode one response: that of a query, or that of a follow-up. */
export interface ResponseDecoder {
  /** True if an earlier response knew the task, so that "not found" says nothing about it. */
  readonly isFollowUp?: boolean
  readonly response: FollowUp["response"]
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
export const followUpDecoder = (followUp: FollowUp): ResponseDecoder => ({ ...followUp, isFollowUp: true })

const notJson: unique symbol = Symbol("not JSON")

/** Parses a body and redacts the API key in it. */
const parseBody = (text: string, apiKey: string): unknown => {
  try {
    const body = JSON.parse(text) as unknown
    return mayHold(text, apiKey) ? redactJson(body, apiKey) : body
  } catch {
    return notJson
  }
}

const describeBody = ({ text, headers }: ReceivedResponse): string => {
  if (text.trim() === "") return "The response is empty"
  return /^\s*</.test(text) || /html/i.test(headers["content-type"] ?? "")
    ? "The response is a web page"
    : "The response is not JSON"
}

/** Reads the vendor's code and message from where error bodies usually have them. */
const readErrorDetail = (body: unknown): { readonly code?: string; readonly message?: string } => {
  if (typeof body !== "object" || body === null) return {}
  const outer = body as Readonly<Record<string, unknown>>
  const { error } = outer
  const inner = typeof error === "object" && error !== null ? (error as typeof outer) : outer
  const message = [
    inner["message"],
    inner["msg"],
    outer["message"],
    outer["msg"],
    error,
    outer["detail"]
  ].find((value): value is string => typeof value === "string" && value !== "")
  const code = [inner["code"], outer["code"]].find(
    (value) => typeof value === "string" || typeof value === "number"
  )
  return {
    ...(message === undefined ? {} : { message }),
    ...(code === undefined ? {} : { code: String(code) })
  }
}

const unexpected = (response: ReceivedResponse, path: string, message: string): DecodedResponse => ({
  _tag: "Error",
  reason: { _tag: "UnexpectedResponse", path, message, httpStatus: response.status }
})

/** Uses the longer of the waits in the body and in the headers. */
const withRetryAfter = (reason: ErrorReason, fromHeaders: number | undefined): ErrorReason => {
  if (reason._tag !== "RateLimited" && reason._tag !== "Unavailable") return reason
  const fromBody = retryAfter.bounded(reason.retryAfterMs)
  const retryAfterMs =
    fromBody === undefined || fromHeaders === undefined
      ? (fromBody ?? fromHeaders)
      : Math.max(fromBody, fromHeaders)
  return { ...reason, retryAfterMs }
}

/** A response while it is decoded. */
interface Decoding {
  readonly query: TaskQuery
  readonly decoder: ResponseDecoder
  readonly response: ReceivedResponse
  readonly head: ResponseHead
  readonly body: unknown
  readonly retryAfterMs: number | undefined
}

const toSnapshot = (
  { query, response, body, retryAfterMs }: Decoding,
  draft: SnapshotDraft
): DecodedResponse => {
  const { ref, id, account } = query
  const snapshot = normalizeSnapshot(draft, {
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
    snapshot,
    pollAfterMs: retryAfter.bounded(draft.pollAfterMs),
    retryAfterMs,
    raw: body
  }
}

const fromOutcome = (decoding: Decoding, outcome: QueryOutcome): DecodedResponse => {
  const { query, response, retryAfterMs } = decoding
  switch (outcome._tag) {
    case "Snapshot":
      return toSnapshot(decoding, outcome.draft)
    case "Error": {
      const reason = { httpStatus: response.status, ...outcome.reason }
      return { _tag: "Error", reason: withRetryAfter(reason, retryAfterMs) }
    }
    case "FollowUp":
      // Throws if a path from the response leaves the vendor's API: an unexpected response, not a user's mistake.
      resolveUrl(query, outcome.followUp.request)
      return outcome
    default:
      return unexpected(response, "", `The provider ${query.account.spec.id} returned an unknown outcome`)
  }
}

/** Lets the provider decode a body with an error status. Undefined if it leaves the verdict to the status. */
const decodeErrorBody = ({ decoder, body, head }: Decoding): QueryOutcome | undefined => {
  if (decoder.decodeError === undefined || body === notJson) return undefined
  const valid = validate(decoder.response, body)
  return valid.ok ? decoder.decodeError(valid.value as never, head) : undefined
}

const decodeErrorStatus = (decoding: Decoding): DecodedResponse => {
  const { body, response, decoder, retryAfterMs } = decoding
  const outcome = decodeErrorBody(decoding)
  if (outcome !== undefined) return fromOutcome(decoding, outcome)
  const detail = body === notJson ? { message: describeBody(response) } : readErrorDetail(body)
  const reason = errorFromStatus(response.status, { ...detail, httpStatus: response.status }) as ErrorReason
  return decoder.isFollowUp === true && reason._tag === "TaskNotFound"
    ? { _tag: "Error", reason: { ...reason, _tag: "UnexpectedResponse", path: "" } }
    : { _tag: "Error", reason: withRetryAfter(reason, retryAfterMs) }
}

const decodeBody = (decoding: Decoding): DecodedResponse => {
  const { body, response, decoder, head } = decoding
  if (body === notJson) return unexpected(response, "", describeBody(response))
  const valid = validate(decoder.response, body)
  if (!valid.ok) return unexpected(response, valid.path, valid.message)
  return fromOutcome(decoding, decoder.decode(valid.value as never, head))
}

/**
 * Decodes a response in this order: HTTP status, JSON, the provider's schema, and then the provider itself. The same
 * response always decodes to the same result. A provider that throws makes the response an unexpected one.
 */
export const decodeResponse = (
  query: TaskQuery,
  decoder: ResponseDecoder,
  response: ReceivedResponse
): DecodedResponse => {
  const { status, headers } = response
  try {
    const decoding: Decoding = {
      query,
      decoder,
      response,
      head: { status, headers },
      body: parseBody(response.text, Secret.reveal(query.account.apiKey)),
      retryAfterMs: retryAfter.fromHeaders(headers, response.at)
    }
    return status < 200 || status >= 300 ? decodeErrorStatus(decoding) : decodeBody(decoding)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `The provider ${query.account.spec.id} failed to decode the response: ${why}`
    return unexpected(response, "", message)
  }
}

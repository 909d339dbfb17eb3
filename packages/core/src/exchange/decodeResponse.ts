/**
 * What a vendor's answer means, judged in this order: HTTP status, shape, and then by the provider: the envelope's
 * code, the task's status, its outputs. Pure: the same answer always means the same.
 */
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { errorFromStatus } from "../provider/errorFromStatus.ts"
import type { FollowUp, QueryOutcome } from "../provider/QueryOutcome.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import { Secret } from "../provider/Secret.ts"
import { validate } from "../provider/validate.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { normalizeSnapshot } from "./normalizeSnapshot.ts"
import { resolveUrl } from "./TaskQuery.ts"
import type { TaskQuery } from "./TaskQuery.ts"
import { mayHold, redactJson } from "./redact.ts"
import * as RetryAfter from "../http/retryAfter.ts"

/** A vendor's whole answer. */
export interface ReceivedResponse {
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number
}

/** What an answer means. */
export type DecodedResponse =
  | {
      readonly _tag: "Snapshot"
      readonly snapshot: TaskSnapshot
      /** When the vendor asks to be asked again, in milliseconds from now. */
      readonly pollAfterMs: number | undefined
      /** Before when the vendor does not want to be asked again, in milliseconds from now. */
      readonly retryAfterMs: number | undefined
      /** The vendor's answer, as JSON. */
      readonly raw: unknown
    }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }
  | { readonly _tag: "FollowUp"; readonly followUp: FollowUp }

const unexpected = (answer: ReceivedResponse, path: string, message: string): DecodedResponse => ({
  _tag: "Error",
  reason: { _tag: "UnexpectedResponse", path, message, httpStatus: answer.status }
})

const notJson: unique symbol = Symbol("not JSON")

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return notJson
  }
}

const nameOf = (answer: ReceivedResponse): string => {
  if (answer.text.trim() === "") return "nothing"
  return /^\s*</.test(answer.text) || /html/i.test(answer.headers["content-type"] ?? "")
    ? "a web page"
    : "no JSON"
}

/** The vendor's code and words, from the places where error bodies usually have them. */
const readDetail = (body: unknown): { readonly code?: string; readonly message?: string } => {
  if (typeof body !== "object" || body === null) return {}
  const outer = body as Readonly<Record<string, unknown>>
  const inner =
    typeof outer["error"] === "object" && outer["error"] !== null ? (outer["error"] as typeof outer) : outer
  const message = [
    inner["message"],
    inner["msg"],
    outer["message"],
    outer["msg"],
    outer["error"],
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

const withRetryAfter = (fault: ErrorReason, retryAfter: number | undefined): ErrorReason => {
  if (fault._tag !== "RateLimited" && fault._tag !== "Unavailable") return fault
  const told = RetryAfter.bounded(fault.retryAfterMs)
  const longer =
    told === undefined || retryAfter === undefined ? (told ?? retryAfter) : Math.max(told, retryAfter)
  return { ...fault, retryAfterMs: longer }
}

/** Reads JSON without the key in it. */
const parseWithout = (text: string, key: string): unknown => {
  const body = parseJson(text)
  return body !== notJson && mayHold(text, key) ? redactJson(body, key) : body
}

/** How many further requests one question may need. */
export const maxFollowUps = 3

/** What is asked, and how its answer is to be read: an exchange's first step or a follow-up. */
export interface ResponseDecoder {
  /** Whether the first answer knew the task, so that "not found" says nothing of it. */
  readonly isFollowUp?: boolean
  readonly response: FollowUp["response"]
  readonly decode: (body: never, http: ResponseHead) => QueryOutcome
  readonly decodeError?: ((body: never, http: ResponseHead) => QueryOutcome | undefined) | undefined
}

/** How the answer to the first request of a question is to be read. */
export const queryDecoder = ({ account, task }: TaskQuery): ResponseDecoder => {
  const { response, decode: read, decodeError: interpretError } = account.spec.query
  return {
    response,
    decode: (body, http) => read(body, http, task),
    decodeError: interpretError && ((body, http) => interpretError(body, http, task))
  }
}

/** How the answer to a further request is to be read. */
export const followUpDecoder = (exchange: FollowUp): ResponseDecoder => ({ ...exchange, isFollowUp: true })

const readError = (reading: ResponseDecoder, body: unknown, http: ResponseHead): QueryOutcome | undefined => {
  if (reading.decodeError === undefined || body === notJson) return undefined
  const valid = validate(reading.response, body)
  return valid.ok ? reading.decodeError(valid.value as never, http) : undefined
}

/** Reads an answer. A provider that throws is an answer that nobody understands, never a crash. */
export const decodeResponse = (
  question: TaskQuery,
  reading: ResponseDecoder,
  answer: ReceivedResponse
): DecodedResponse => {
  const http = { status: answer.status, headers: answer.headers }
  const retryAfter = RetryAfter.fromHeaders(answer.headers, answer.at)
  const body = parseWithout(answer.text, Secret.reveal(question.account.apiKey))

  const conclude = (outcome: QueryOutcome): DecodedResponse => {
    switch (outcome._tag) {
      case "Error":
        return {
          _tag: "Error",
          reason: withRetryAfter({ httpStatus: answer.status, ...outcome.reason }, retryAfter)
        }
      case "FollowUp":
        // What a vendor's answer leads to may be no path of its: that is an odd answer, and no mistake of the user's.
        resolveUrl(question, outcome.followUp.request)
        return outcome
      case "Snapshot": {
        const { account } = question
        const snapshot = normalizeSnapshot(outcome.draft, {
          ref: question.ref,
          id: question.id,
          provider: account.spec.id,
          account: account.name,
          baseUrl: account.baseUrl,
          at: answer.at,
          resultLifetime: account.spec.resultLifetimeMs,
          statuses: account.spec.statuses
        })
        return {
          _tag: "Snapshot",
          snapshot,
          pollAfterMs: RetryAfter.bounded(outcome.draft.pollAfterMs),
          retryAfterMs: retryAfter,
          raw: body
        }
      }
      default:
        return unexpected(
          answer,
          "",
          `The provider ${question.account.spec.id} gave an outcome that the contract does not know`
        )
    }
  }

  try {
    if (answer.status < 200 || answer.status >= 300) {
      const told = readError(reading, body, http)
      if (told !== undefined) return conclude(told)
      const detail = body === notJson ? { message: `The answer was ${nameOf(answer)}` } : readDetail(body)
      const fault = errorFromStatus(answer.status, { ...detail, httpStatus: answer.status }) as ErrorReason
      // The vendor knew the task a moment ago.
      return reading.isFollowUp === true && fault._tag === "TaskNotFound"
        ? { _tag: "Error", reason: { ...fault, _tag: "UnexpectedResponse", path: "" } }
        : { _tag: "Error", reason: withRetryAfter(fault, retryAfter) }
    }
    if (body === notJson) return unexpected(answer, "", `The answer was ${nameOf(answer)} where JSON was due`)
    const valid = validate(reading.response, body)
    if (!valid.ok) return unexpected(answer, valid.path, valid.message)
    return conclude(reading.decode(valid.value as never, http))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return unexpected(
      answer,
      "",
      `The provider ${question.account.spec.id} failed to read the answer: ${why}`
    )
  }
}

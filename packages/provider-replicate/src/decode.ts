/** See https://replicate.com/docs/topics/predictions/lifecycle for the statuses of predictions. */
import {
  amountAt,
  classifyFailure,
  codeTable,
  errorFromStatus,
  firstStringAt,
  numberAt,
  percent,
  queryError,
  readErrorDetail,
  snapshot,
  statusTable,
  unexpectedResponse
} from "@gentask/core/provider"
import type {
  ErrorReason,
  FailureDraft,
  JsonObject,
  QueryOutcome,
  ResponseHead,
  SnapshotDraft,
  StatusWords
} from "@gentask/core/provider"
import { readOutput } from "./outputs.ts"
import type { Prediction } from "./wire.ts"

// `aborted`: the prediction exceeded its deadline before it started running.
export const statuses: StatusWords = {
  queued: ["starting"],
  running: ["processing"],
  succeeded: ["succeeded"],
  failed: ["failed"],
  canceled: ["canceled"],
  expired: ["aborted"]
}

/** Looks up the status of a prediction. */
export const statusOf = statusTable(statuses)

// https://replicate.com/docs/reference/error-codes
const codes = codeTable([
  { codes: ["E1000"], failure: { reason: "upstream", canResubmit: true } },
  // "Try reducing the size of your input."
  { codes: ["E1001"], failure: { reason: "invalid-input" } },
  { codes: ["E6716"], failure: { reason: "timeout" } }
])

const readFailure = (body: JsonObject): FailureDraft => {
  const { error } = body
  const message = typeof error === "string" ? error : readErrorDetail({ error }).message
  const code = /\bE\d{3,4}\b/.exec(message ?? "")?.[0]
  return { ...(codes(code)?.failure ?? classifyFailure(message)), code, message }
}

// As `parseProgressFromLogs` of the vendor's client reads it.
const progressLine = /^\s*(\d+)%\s*\|[^|\n]*\|\s*\d+\/\d+/gm

const maxLogLength = 4000

const readProgress = (logs: unknown): number | null => {
  const lines = typeof logs === "string" ? [...logs.slice(-maxLogLength).matchAll(progressLine)] : []
  return percent(lines.at(-1)?.[1])
}

/** Reads a prediction. */
export const readPrediction = (body: JsonObject): SnapshotDraft => {
  const rawStatus = firstStringAt(body, "status")
  const status = statusOf(rawStatus)
  return {
    rawStatus,
    progress: status === "running" ? readProgress(body["logs"]) : undefined,
    model: firstStringAt(body, "model"),
    prompt: firstStringAt(body, "input.prompt"),
    createdAt: firstStringAt(body, "created_at"),
    completedAt: firstStringAt(body, "completed_at"),
    // The time that the model ran, which the vendor bills most models by.
    cost: amountAt(body, "metrics.predict_time", "seconds"),
    failure: readFailure(body),
    ...(status === "succeeded" ? readOutput(body) : {})
  }
}

/** Decodes a prediction. */
export const decode = (body: Prediction): QueryOutcome =>
  body.status
    ? snapshot(readPrediction(body))
    : queryError(unexpectedResponse(body, "status", "The prediction has no status"))

/**
 * Returns the error of a request above the rate limit. Its wait is in a sentence, "Your rate limit resets in ~30s.", and in
 * `retry_after` of recent responses.
 *
 * @see https://replicate.com/docs/topics/predictions/rate-limits
 */
export const throttled = (body: JsonObject, { status }: ResponseHead): ErrorReason | undefined => {
  if (status !== 429) return undefined
  const { message } = readErrorDetail(body)
  const wait = /(?:resets|available) in ~?(\d+(?:\.\d+)?)\s*s/i.exec(message ?? "")?.[1]
  const seconds = wait === undefined ? numberAt(body, "retry_after") : Number(wait)
  return errorFromStatus(429, {
    message,
    retryAfterMs: seconds === undefined ? undefined : Math.ceil(seconds * 1000)
  })
}

/** Decodes the error of a request above the rate limit. Others have the HTTP status of their kind. */
export const decodeError = (body: Prediction, head: ResponseHead): QueryOutcome | undefined => {
  const reason = throttled(body, head)
  return reason && queryError(reason)
}

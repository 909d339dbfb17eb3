/** See https://replicate.com/docs/topics/predictions/lifecycle for the statuses of predictions. */
import {
  amountAt,
  firstStringAt,
  percent,
  queryError,
  readErrorDetail,
  snapshot,
  statusTable,
  unexpectedResponse
} from "@gentask/core/provider"
import type {
  FailureDraft,
  JsonObject,
  QueryOutcome,
  SnapshotDraft,
  StatusWords
} from "@gentask/core/provider"
import { readOutput } from "./outputs.ts"

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

const readFailure = (body: JsonObject): FailureDraft => {
  const { error } = body
  const message = typeof error === "string" ? error : readErrorDetail({ error }).message
  return { code: /\bE\d{3,4}\b/.exec(message ?? "")?.[0], message }
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
export const decode = (body: JsonObject): QueryOutcome =>
  firstStringAt(body, "status") !== undefined
    ? snapshot(readPrediction(body))
    : queryError(unexpectedResponse(body, "status", "The prediction has no status"))

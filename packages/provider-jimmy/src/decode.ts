/** How a task is read. See https://docs.jimmyai.cn/en/api-reference/common/query. Older pages show a task without its envelope. */
import {
  firstInstantAt,
  firstStringAt,
  hasFailed,
  objectAt,
  percent,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type {
  FailureDraft,
  JsonObject,
  QueryOutcome,
  SnapshotDraft,
  StatusWords
} from "@gentask/core/provider"
import { successCodes } from "./errors.ts"

// Documented for videos; images have the same schema. `success` is documented in the FAQ only.
export const statuses: StatusWords = {
  queued: ["queued", "pending", "submitted"],
  running: ["processing"],
  succeeded: ["completed", "success"],
  failed: ["failed"]
}
const statusOf = statusTable(statuses)

const readFailure = (body: JsonObject): FailureDraft => {
  const { code, message } = readErrorDetail(body)
  return { message, code: code !== undefined && successCodes.has(code) ? undefined : code }
}

/** Reads the result. The FAQ names `url` and `mediaUrl`, and the vendor's skills `audioUrl`, which have no result around them. */
const readOutputs = (task: JsonObject): Pick<SnapshotDraft, "outputs" | "warnings"> => {
  const { result, image_url, video_url, audioUrl, mediaUrl, url } = task
  const inResult = readMedia(result, { kind: "image" })
  const outputs =
    inResult.length > 0
      ? inResult
      : readMedia({ image_url, video_url, audioUrl, mediaUrl, url }, { kind: "image" })
  return outputs.some(({ kind }) => kind === "audio")
    ? { outputs, warnings: ["The result contains audio, which the vendor does not document for this query."] }
    : { outputs }
}

/** Decodes a task with or without its envelope. */
export const decode = (body: JsonObject): QueryOutcome => {
  const task = objectAt(body, "data") ?? body
  const rawStatus = firstStringAt(task, "status")
  if (rawStatus === undefined) {
    const { message = "The task has no status" } = readErrorDetail(body)
    return queryError({ _tag: "UnexpectedResponse", path: "data.status", message })
  }
  const status = statusOf(rawStatus)
  return snapshot({
    status,
    rawStatus,
    progress: percent(task["progress"]),
    model: firstStringAt(task, "model"),
    createdAt: firstInstantAt(task, "created_at"),
    completedAt: firstInstantAt(task, "completed_at"),
    failure: hasFailed(status) ? readFailure(body) : undefined,
    ...readOutputs(task)
  })
}

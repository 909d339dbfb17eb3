import {
  firstInstantAt,
  firstStringAt,
  hasFailed,
  percent,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type { FailureDraft, QueryOutcome, SnapshotDraft, StatusWords } from "@gentask/core/provider"
import { successCodes } from "./errors.ts"
import type { JimmyResponse, JimmyTask } from "./wire.ts"

// Documented for videos; images have the same schema. `success` is documented in the FAQ only.
export const statuses: StatusWords = {
  queued: ["queued", "pending", "submitted"],
  running: ["processing"],
  succeeded: ["completed", "success"],
  failed: ["failed"]
}
const statusOf = statusTable(statuses)

const readFailure = (body: JimmyResponse): FailureDraft => {
  const { code, message } = readErrorDetail(body)
  return { message, code: code !== undefined && successCodes.has(code) ? undefined : code }
}

/** Reads the result. The FAQ names `url` and `mediaUrl`, and the vendor's skills `audioUrl`, which have no result around them. */
const readOutputs = (task: JimmyTask): Pick<SnapshotDraft, "outputs" | "warnings"> => {
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
export const decode = (body: JimmyResponse): QueryOutcome => {
  const task = body.data ?? body
  if (!task.status) {
    const { message = "The task has no status" } = readErrorDetail(body)
    return queryError({ _tag: "UnexpectedResponse", path: "data.status", message })
  }
  const status = statusOf(task.status)
  return snapshot({
    status,
    rawStatus: task.status,
    progress: percent(task["progress"]),
    model: firstStringAt(task, "model"),
    createdAt: firstInstantAt(task, "created_at"),
    completedAt: firstInstantAt(task, "completed_at"),
    failure: hasFailed(status) ? readFailure(body) : undefined,
    ...readOutputs(task)
  })
}

/** What an answer in the unified video format means. */
import {
  queryError,
  errorFromHttpCode,
  fraction,
  percent,
  snapshot,
  statusTable,
  textAt
} from "@gentask/core/provider"
import type {
  FailureDraft,
  ErrorDetail,
  ResponseHead,
  QueryOutcome,
  StatusWords,
  TaskKey
} from "@gentask/core/provider"
import { readOutputs } from "./outputs.ts"
import type { SoraResponse, SoraTask } from "./wire.ts"

/**
 * The words of the format, of the veo and grok models behind it, and of the gateways that leak through. `pending` is
 * running: the documented example of it has done 93 %. `video_generation_completed` and `video_upsampling_completed`
 * are running: another step may follow, and most relays name `completed` as the only good end.
 */
export const statuses: StatusWords = {
  queued: ["queued", "submitted", "not_start"],
  running: [
    "pending",
    "processing",
    "in_progress",
    "initializing",
    "uploading",
    "downloading",
    "image_downloading",
    "video_generating",
    "video_generation_completed",
    "video_upsampling",
    "video_upsampling_completed"
  ],
  succeeded: ["completed", "success", "succeed", "succeeded", "done", "finished"],
  failed: ["failed", "failure", "error", "video_generation_failed", "video_upsampling_failed"],
  canceled: ["cancelled", "canceled"],
  expired: ["expired"]
}
const statusOf = statusTable(statuses)

const readFailure = (task: SoraTask): FailureDraft => {
  const moderation = task.detail?.pending_info?.moderation_result
  const isRejected = typeof moderation?.type === "string" && moderation.type !== "passed"
  const refusal = isRejected ? (moderation.code ?? moderation.type) : undefined
  return {
    reason: isRejected ? "moderation" : undefined,
    code: task.error?.code ?? task.detail?.error?.code ?? refusal,
    message: textAt(
      task,
      "error.message",
      "error_message",
      "fail_reason",
      "detail.error.message",
      "detail.pending_info.failure_reason"
    )
  }
}

const readDetail = (body: SoraResponse): ErrorDetail => {
  const code = body.error?.code ?? body.code
  return { code: code == null ? undefined : String(code), message: textAt(body, "error.message", "message") }
}

/** What the gateways say where their words tell more than the HTTP status: an unknown task is their HTTP 400. */
export const refuse = (body: SoraResponse, http: ResponseHead): QueryOutcome | undefined => {
  const detail = readDetail(body)
  const words = `${detail.code} ${detail.message}`
  if (detail.code === "task_not_exist") return queryError({ _tag: "TaskNotFound", ...detail })
  // "The load upstream is saturated."
  if (words.includes("上游负载已饱和")) {
    return queryError({ _tag: http.status === 429 ? "RateLimited" : "Unavailable", ...detail })
  }
  return /pre_consume_token_quota_failed|insufficient_user_quota/.test(words)
    ? queryError({ _tag: "InsufficientCredits", ...detail })
    : undefined
}

/** What an answer without a task says inside HTTP 200. */
const readNoTask = (body: SoraResponse, http: ResponseHead): QueryOutcome => {
  const { code, message = "The answer has no status" } = readDetail(body)
  const copied = errorFromHttpCode(code, { message })
  return (
    refuse(body, http) ?? queryError(copied ?? { _tag: "UnexpectedResponse", path: "status", code, message })
  )
}

/** Reads a task, bare or enveloped. The top-level status wins over `detail.status`, which is that of the model. */
export const interpret = (body: SoraResponse, http: ResponseHead, { id }: TaskKey<unknown>): QueryOutcome => {
  const task: SoraTask = body.status || body.detail || !body.data ? body : body.data
  const word = textAt(task, "status", "detail.status")
  if (word === undefined) return readNoTask(body, http)
  const { pending_info: pending, draft_info: draft } = task.detail ?? {}
  const status = statusOf(word)
  return snapshot({
    status,
    rawStatus: word,
    progress: fraction(pending?.progress_pct) ?? percent(task.progress),
    // The id begins with the public name; `detail.input.model` is the vendor's name for it inside.
    model: task.model ?? /^([^:]+):/.exec(textAt(task, "id") ?? id)?.[1],
    prompt: textAt(task, "detail.input.prompt", "detail.pending_info.prompt"),
    createdAt: task.created_at || task.submit_time || pending?.created_at,
    updatedAt: task.status_update_time || task.updated_at,
    // Not `status_update_time`, which moves while the status stays: minutes in the example of `pending`.
    completedAt: task.completed_at || task.finish_time || draft?.created_at,
    outputs: readOutputs(task, status === "succeeded"),
    failure: readFailure(task)
  })
}

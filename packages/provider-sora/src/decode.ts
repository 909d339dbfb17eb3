import {
  errorFromHttpCode,
  firstStringAt,
  fraction,
  percent,
  queryError,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type {
  ErrorDetail,
  FailureDraft,
  QueryOutcome,
  ResponseHead,
  StatusWords,
  TaskKey
} from "@gentask/core/provider"
import { readOutputs } from "./outputs.ts"
import type { SoraResponse, SoraTask } from "./wire.ts"

/**
 * The words of the format, of the veo and grok models behind it, and of the gateways that pass theirs through. `pending`
 * is running: its documented example has progressed to 93 %. `video_generation_completed` and
 * `video_upsampling_completed` are running: another step may follow, and most relays document `completed` as the only
 * success.
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
  const moderationCode = isRejected ? (moderation.code ?? moderation.type) : undefined
  return {
    reason: isRejected ? "moderation" : undefined,
    code: task.error?.code ?? task.detail?.error?.code ?? moderationCode,
    message: firstStringAt(
      task,
      "error.message",
      "error_message",
      "fail_reason",
      "detail.error.message",
      "detail.pending_info.failure_reason"
    )
  }
}

const readErrorDetail = (body: SoraResponse): ErrorDetail => {
  const code = body.error?.code ?? body.code
  return {
    code: code == null ? undefined : String(code),
    message: firstStringAt(body, "error.message", "message")
  }
}

/** Decodes errors of the gateways whose code or message says more than the HTTP status: an unknown task is an HTTP 400. */
export const decodeError = (body: SoraResponse, head: ResponseHead): QueryOutcome | undefined => {
  const detail = readErrorDetail(body)
  const text = `${detail.code} ${detail.message}`
  if (detail.code === "task_not_exist") return queryError({ _tag: "TaskNotFound", ...detail })
  // "The load upstream is saturated."
  if (text.includes("上游负载已饱和")) {
    return queryError({ _tag: head.status === 429 ? "RateLimited" : "Unavailable", ...detail })
  }
  return /pre_consume_token_quota_failed|insufficient_user_quota/.test(text)
    ? queryError({ _tag: "InsufficientCredits", ...detail })
    : undefined
}

/** Decodes an HTTP 200 response without a task. */
const decodeMissingTask = (body: SoraResponse, head: ResponseHead): QueryOutcome => {
  const { code, message = "The response has no status" } = readErrorDetail(body)
  const reason = errorFromHttpCode(code, { message })
  return (
    decodeError(body, head) ??
    queryError(reason ?? { _tag: "UnexpectedResponse", path: "status", code, message })
  )
}

/** Decodes a task with or without an envelope. Its own status wins over `detail.status`, which is that of the model. */
export const decode = (body: SoraResponse, head: ResponseHead, { id }: TaskKey<unknown>): QueryOutcome => {
  const task: SoraTask = body.status || body.detail || !body.data ? body : body.data
  const rawStatus = firstStringAt(task, "status", "detail.status")
  if (rawStatus === undefined) return decodeMissingTask(body, head)
  const { pending_info: pending, draft_info: draft } = task.detail ?? {}
  const status = statusOf(rawStatus)
  return snapshot({
    status,
    rawStatus,
    progress: fraction(pending?.progress_pct) ?? percent(task.progress),
    // The id starts with the public name of the model. `detail.input.model` is the vendor's internal name.
    model: task.model ?? /^([^:]+):/.exec(firstStringAt(task, "id") ?? id)?.[1],
    prompt: firstStringAt(task, "detail.input.prompt", "detail.pending_info.prompt"),
    createdAt: task.created_at || task.submit_time || pending?.created_at,
    updatedAt: task.status_update_time || task.updated_at,
    // Not `status_update_time`, which changes while the status stays the same: by minutes in the example of `pending`.
    completedAt: task.completed_at || task.finish_time || draft?.created_at,
    outputs: readOutputs(task, status === "succeeded"),
    failure: readFailure(task)
  })
}

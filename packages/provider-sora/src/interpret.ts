/** What an answer in the unified video format means. */
import { fault, faultOfStatus, fraction, percent, snapshot, statusTable } from "@gentask/core/provider"
import type {
  FailureDraft,
  Fault,
  FaultDetail,
  HttpAnswer,
  Outcome,
  StatusWords,
  TaskQuestion
} from "@gentask/core/provider"
import { first, readOutputs } from "./outputs.ts"
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
  const { error, pending_info: pending } = task.detail ?? {}
  const moderation = pending?.moderation_result
  const isRejected = typeof moderation?.type === "string" && moderation.type !== "passed"
  return {
    reason: isRejected ? "moderation" : "unknown",
    code: task.error?.code ?? error?.code ?? (isRejected ? (moderation.code ?? moderation.type) : undefined),
    message: first(
      task.error?.message,
      task.error_message,
      task.fail_reason,
      error?.message,
      pending?.failure_reason
    )
  }
}

const readDetail = ({ code: outer, message, error }: SoraResponse): FaultDetail => {
  const code = error?.code ?? outer
  return { code: code == null ? undefined : String(code), message: first(error?.message, message) }
}

/** What an answer without a task says, where the relay's words tell more than the HTTP status. */
const readRefusal = (body: SoraResponse, http: HttpAnswer): Fault | undefined => {
  const detail = readDetail(body)
  const words = `${detail.code} ${detail.message}`
  if (detail.code === "task_not_exist") return { _tag: "TaskNotFound", ...detail }
  // "The load upstream is saturated."
  if (words.includes("上游负载已饱和")) {
    return { _tag: http.status === 429 ? "RateLimited" : "Unavailable", ...detail }
  }
  if (/pre_consume_token_quota_failed|insufficient_user_quota/.test(words)) {
    return { _tag: "InsufficientCredits", ...detail }
  }
  const isStatus = http.status < 300 && /^[45]\d\d$/.test(detail.code ?? "")
  return isStatus ? faultOfStatus(Number(detail.code), detail) : undefined
}

/** Reads a task, bare or enveloped. The top-level status wins over `detail.status`, which is that of the model. */
export const interpret = (body: SoraResponse, http: HttpAnswer, { id }: TaskQuestion<unknown>): Outcome => {
  const task: SoraTask = body.status || body.detail || !body.data ? body : body.data
  const word = first(task.status, task.detail?.status)
  if (word === undefined) {
    const { code, message = "The answer has no status" } = readDetail(body)
    return fault(readRefusal(body, http) ?? { _tag: "UnexpectedResponse", path: "status", code, message })
  }
  const status = statusOf(word)
  return snapshot({
    status,
    rawStatus: word,
    progress: fraction(task.detail?.pending_info?.progress_pct) ?? percent(task.progress),
    // The id begins with the public name; `detail.input.model` is the vendor's name for it inside.
    model: task.model ?? /^([^:]+):/.exec(first(task.id, id) ?? "")?.[1],
    prompt: task.detail?.input?.prompt ?? task.detail?.pending_info?.prompt,
    createdAt: task.created_at || task.submit_time || task.detail?.pending_info?.created_at,
    updatedAt: task.status_update_time || task.updated_at,
    // Not `status_update_time`, which moves while the status stays: minutes in the example of `pending`.
    completedAt: task.completed_at || task.finish_time || task.detail?.draft_info?.created_at,
    outputs: readOutputs(task, status === "succeeded"),
    failure: readFailure(task)
  })
}

/** Reads the errors of the gateways: an unknown task is their HTTP 400, and an empty purse their 403. */
export const interpretError = (body: SoraResponse, http: HttpAnswer): Outcome | undefined => {
  const refusal = readRefusal(body, http)
  return refusal === undefined ? undefined : fault(refusal)
}

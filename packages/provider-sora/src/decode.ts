/**
 * How a task is read. See https://docs.octopusx.ai/en/videos/sora/unified-query. Relays add members of their own, and those
 * of the gateway behind them, in varying places and types.
 */
import {
  firstInstantAt,
  firstStringAt,
  fraction,
  hasFailed,
  percent,
  readErrorDetail,
  snapshot,
  statusTable,
  valueAt
} from "@gentask/core/provider"
import type {
  FailureDraft,
  JsonObject,
  QueryOutcome,
  ResponseHead,
  StatusWords,
  TaskKey
} from "@gentask/core/provider"
import { decodeMissingStatus } from "./decodeError.ts"
import { readOutputs } from "./outputs.ts"

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
    "running",
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
  canceled: ["cancelled", "canceled", "cancel"],
  expired: ["expired"]
}
const statusOf = statusTable(statuses)

const readFailure = (task: JsonObject): FailureDraft => {
  const moderation = valueAt(task, "detail.pending_info.moderation_result")
  const type = firstStringAt(moderation, "type") ?? "passed"
  const { code, message } = readErrorDetail(task)
  return type === "passed"
    ? { code, message }
    : { reason: "moderation", code: code ?? firstStringAt(moderation, "code") ?? type, message }
}

/** The place of the status, and the names that gateways use instead. */
const statusNames = ["status", "task_status", "state"]

/** Returns the task in the response, with or without an envelope. Its own status wins over that of its content. */
const findTask = (body: JsonObject): JsonObject => {
  const isTask = firstStringAt(body, "id", "task_id") !== undefined || valueAt(body, "detail") !== undefined
  if (firstStringAt(body, "status") !== undefined && isTask) return body
  const places = [body["data"], body["result"]].flat().flatMap((each) => [each, valueAt(each, "task")])
  const task = places.find((each) => firstStringAt(each, ...statusNames) !== undefined)
  return (task ?? body) as JsonObject
}

/** Decodes a task. Its own status wins over `detail.status`, which is that of the model. */
export const decode = (body: JsonObject, head: ResponseHead, { id }: TaskKey<unknown>): QueryOutcome => {
  const task = findTask(body)
  const rawStatus = firstStringAt(task, ...statusNames, "detail.status")
  const status = statusOf(rawStatus)
  const outputs = readOutputs(task, status === "succeeded")
  const isTask = rawStatus !== undefined || outputs.some(({ url }) => url !== undefined)
  const error = isTask ? undefined : decodeMissingStatus(body, head)
  if (error !== undefined) return error
  return snapshot({
    status,
    rawStatus,
    progress: fraction(valueAt(task, "detail.pending_info.progress_pct")) ?? percent(task["progress"]),
    // The id starts with the public name of the model. `detail.input.model` is the vendor's internal name.
    model: firstStringAt(task, "model") ?? /^([^:]+):/.exec(firstStringAt(task, "id") ?? id)?.[1],
    prompt: firstStringAt(task, "detail.input.prompt", "detail.pending_info.prompt"),
    createdAt: firstInstantAt(task, "created_at", "submit_time", "detail.pending_info.created_at"),
    updatedAt: firstInstantAt(task, "status_update_time", "updated_at"),
    // Not `status_update_time`, which changes while the status stays the same: by minutes in the example of `pending`.
    completedAt: firstInstantAt(task, "completed_at", "finish_time", "detail.draft_info.created_at"),
    outputs,
    failure: hasFailed(status) ? readFailure(task) : undefined
  })
}

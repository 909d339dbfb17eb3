/** How a task is read. See https://www.volcengine.com/docs/82379/1521309 */
import {
  amountAt,
  firstInstantAt,
  firstStringAt,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  unexpectedResponse,
  valueAt
} from "@gentask/core/provider"
import type { JsonObject, QueryOutcome, StatusWords } from "@gentask/core/provider"

export const statuses: StatusWords = {
  queued: ["queued"],
  running: ["running"],
  succeeded: ["succeeded"],
  failed: ["failed"],
  canceled: ["cancelled"],
  expired: ["expired"]
}

export const decode = (body: JsonObject): QueryOutcome => {
  const rawStatus = firstStringAt(body, "status")
  if (rawStatus === undefined) return queryError(unexpectedResponse(body, "status", "The task has no status"))
  const cost = amountAt(body, "usage.completion_tokens", "tokens")
  return snapshot({
    rawStatus,
    model: firstStringAt(body, "model"),
    createdAt: firstInstantAt(body, "created_at"),
    updatedAt: firstInstantAt(body, "updated_at"),
    completedAt: firstInstantAt(body, "updated_at"),
    // A task that has not ended has no cost, or 0.
    cost: cost?.amount === 0 ? undefined : cost,
    outputs: [
      ...readMedia(valueAt(body, "content.video_url"), { kind: "video" }),
      ...readMedia(valueAt(body, "content.last_frame_url"), { kind: "image" }),
      ...readMedia(valueAt(body, "content.file_url"), { kind: "model" })
    ],
    failure: readErrorDetail(valueAt(body, "error"))
  })
}

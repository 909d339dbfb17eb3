/** How a task is read. See https://www.volcengine.com/docs/82379/1521309 */
import {
  amountAt,
  firstInstantAt,
  firstStringAt,
  hasFailed,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable,
  valueAt
} from "@gentask/core/provider"
import type { Amount, QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { ArkResponse } from "./wire.ts"

export const statuses: StatusWords = {
  queued: ["queued"],
  running: ["running"],
  succeeded: ["succeeded"],
  failed: ["failed"],
  canceled: ["cancelled"],
  expired: ["expired"]
}
const statusOf = statusTable(statuses)

/** The vendor charges tokens. Its document types the number as text, and its example as a number. */
const costOf = (body: ArkResponse): Amount | undefined => {
  const cost = amountAt(body, "usage.completion_tokens", "tokens")
  return cost?.amount === 0 ? undefined : cost
}

export const decode = (body: ArkResponse): QueryOutcome => {
  const { code, message = "The task has no status" } = readErrorDetail(body)
  if (!body.status) return queryError({ _tag: "UnexpectedResponse", path: "status", code, message })
  const status = statusOf(body.status)
  return snapshot({
    rawStatus: body.status,
    model: firstStringAt(body, "model"),
    createdAt: firstInstantAt(body, "created_at"),
    updatedAt: firstInstantAt(body, "updated_at"),
    completedAt: firstInstantAt(body, "updated_at"),
    cost: costOf(body),
    outputs: [
      ...readMedia(valueAt(body, "content.video_url"), { kind: "video" }),
      ...readMedia(valueAt(body, "content.last_frame_url"), { kind: "image" }),
      ...readMedia(valueAt(body, "content.file_url"), { kind: "model" })
    ],
    failure: hasFailed(status) ? readErrorDetail(valueAt(body, "error")) : undefined
  })
}

/** How a task is read. See https://www.volcengine.com/docs/82379/1521309 */
import {
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
  const tokens = Number(valueAt(body, "usage.completion_tokens") ?? Number.NaN)
  return Number.isFinite(tokens) && tokens > 0 ? { amount: tokens, unit: "tokens" } : undefined
}

export const decode = (body: ArkResponse): QueryOutcome => {
  const { code, message = "The task has no status" } = readErrorDetail(body)
  if (!body.status) return queryError({ _tag: "UnexpectedResponse", path: "status", code, message })
  const status = statusOf(body.status)
  const link = (name: string): string | undefined => firstStringAt(body, `content.${name}`)
  return snapshot({
    rawStatus: body.status,
    model: firstStringAt(body, "model"),
    createdAt: firstInstantAt(body, "created_at"),
    updatedAt: firstInstantAt(body, "updated_at"),
    completedAt: firstInstantAt(body, "updated_at"),
    cost: costOf(body),
    outputs: [
      { kind: "video", url: link("video_url") },
      { kind: "image", url: link("last_frame_url") },
      ...readMedia(link("file_url"), { kind: "model" })
    ],
    failure: hasFailed(status) ? readErrorDetail(valueAt(body, "error")) : undefined
  })
}

/** What an answer of Jimmy AI means. */
import { fault, faultOfStatus, percent, snapshot, statusTable } from "@gentask/core/provider"
import type { Fault, Outcome } from "@gentask/core/provider"
import type { JimmyResponse } from "./wire.ts"

// Documented for videos; images share the schema. `success` stands in the FAQ alone.
const statusOf = statusTable({
  queued: ["queued", "pending", "submitted"],
  running: ["processing"],
  succeeded: ["completed", "success"],
  failed: ["failed"]
})

// The vendor documents no code but 20000, so another one tells nothing about the task.
const faultOfCode = (code: string, message: string | undefined): Fault =>
  (/^[45]\d\d$/.test(code) ? faultOfStatus(Number(code), { code, message }) : undefined) ?? {
    _tag: "UnexpectedResponse",
    path: "code",
    code,
    message: message ?? "The code is not 20000"
  }

/** Reads a task, in its envelope or without one; a code other than 20000 is a fault and never a verdict. */
export const interpret = (body: JimmyResponse): Outcome => {
  const code = String(body.code ?? "20000")
  if (code !== "20000") return fault(faultOfCode(code, body.msg ?? undefined))
  const task = body.data ?? body
  if (!task.status)
    return fault({ _tag: "UnexpectedResponse", path: "data.status", message: "The task has no status" })
  return snapshot({
    status: statusOf(task.status),
    rawStatus: task.status,
    progress: percent(task.progress),
    model: task.model,
    createdAt: task.created_at,
    completedAt: task.completed_at,
    outputs: [
      { kind: "image", url: task.result?.image_url },
      { kind: "video", url: task.result?.video_url }
    ],
    failure: { message: task.error_message || task.error_msg || task.reason }
  })
}

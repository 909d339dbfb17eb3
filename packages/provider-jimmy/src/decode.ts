import { errorFromCode, percent, queryError, snapshot } from "@gentask/core/provider"
import type { QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { JimmyResponse } from "./wire.ts"

// Documented for videos; images have the same schema. `success` is documented in the FAQ only.
export const statuses: StatusWords = {
  queued: ["queued", "pending", "submitted"],
  running: ["processing"],
  succeeded: ["completed", "success"],
  failed: ["failed"]
}

/** Decodes a task with or without its envelope. Codes other than 20000 are errors of the query, not of the task. */
export const decode = (body: JimmyResponse): QueryOutcome => {
  const code = String(body.code ?? "20000")
  // The vendor documents no other code, so another one says nothing about the task.
  if (code !== "20000")
    return queryError(errorFromCode(code, { message: body.msg ?? "The code is not 20000" }))
  const task = body.data ?? body
  if (!task.status)
    return queryError({ _tag: "UnexpectedResponse", path: "data.status", message: "The task has no status" })
  return snapshot({
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

/** What an answer of Your Vendor means. */
import { codeTable, fault, percent, snapshot } from "@gentask/core/provider"
import type { Outcome, StatusWords } from "@gentask/core/provider"
import type { YourVendorTask } from "./wire.ts"

// Fill in 4: every word that the vendor documents. Any other is `unknown`, which is not an end: asking goes on.
export const statuses: StatusWords = {
  queued: ["queued"],
  running: ["processing"],
  succeeded: ["completed"],
  failed: ["failed"]
}

// Fill in 5: the codes of a failed task whose reason the vendor documents. The reason of any other is `unknown`.
const codes = codeTable([{ codes: ["content_policy"], failure: { reason: "moderation" } }])

// Fill in 6: where the answer holds what. A fault says that the answer told nothing about the task.
export const interpret = (task: YourVendorTask): Outcome => {
  if (!task.status) {
    return fault({ _tag: "UnexpectedResponse", path: "status", message: "The task has no status" })
  }
  return snapshot({
    rawStatus: task.status,
    progress: percent(task.progress),
    model: task.model,
    prompt: task.prompt,
    createdAt: task.created_at,
    completedAt: task.completed_at,
    outputs: [
      { kind: "video", url: task.result?.video_url },
      { kind: "image", role: "thumbnail", url: task.result?.cover_url }
    ],
    failure: {
      ...codes(task.error?.code)?.failure,
      code: task.error?.code,
      message: task.error?.message
    }
  })
}

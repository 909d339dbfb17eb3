import { percent, queryError, snapshot } from "@gentask/core/provider"
import type { ErrorFormat, QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { YourVendorTask } from "./wire.ts"

// Fill in 4: all statuses that the vendor documents. Any other is `unknown`, which is not terminal: polling continues.
export const statuses: StatusWords = {
  queued: ["queued"],
  running: ["processing"],
  succeeded: ["completed"],
  failed: ["failed"]
}

// Fill in 5: the codes that the vendor documents, of errors and of failed tasks. Add `read` if HTTP 200 may be an error.
export const errors: ErrorFormat = {
  codes: [
    { codes: ["no_credit"], error: "InsufficientCredits" },
    { codes: ["content_policy"], failure: { reason: "moderation" } }
  ]
}

// Fill in 6: where the response contains what. A `queryError` means that the response says nothing about the task.
export const decode = (task: YourVendorTask): QueryOutcome => {
  if (!task.status) {
    return queryError({ _tag: "UnexpectedResponse", path: "status", message: "The task has no status" })
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
    failure: task.error
  })
}

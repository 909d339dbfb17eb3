import { codeTable, percent, queryError, snapshot } from "@gentask/core/provider"
import type { QueryOutcome, StatusWords } from "@gentask/core/provider"
import type { YourVendorTask } from "./wire.ts"

// Fill in 4: all statuses that the vendor documents. Any other is `unknown`, which is not terminal: polling continues.
export const statuses: StatusWords = {
  queued: ["queued"],
  running: ["processing"],
  succeeded: ["completed"],
  failed: ["failed"]
}

// Fill in 5: the codes of failed tasks whose reason the vendor documents. The reason of any other code is `unknown`.
const codes = codeTable([{ codes: ["content_policy"], failure: { reason: "moderation" } }])

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
    failure: {
      ...codes(task.error?.code)?.failure,
      code: task.error?.code,
      message: task.error?.message
    }
  })
}

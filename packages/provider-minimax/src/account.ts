/** Uploads, the cancel and the list of the second API, and notifications. */
import {
  firstInstantAt,
  firstStringAt,
  listedTasks,
  taskUpdated,
  unexpectedOutcome
} from "@gentask/core/provider"
import type {
  CancelOperation,
  RecoverOperation,
  UploadOperation,
  WebhookOperation
} from "@gentask/core/provider"
import { isSecondApi, secondApi } from "./api.ts"
import type { Params } from "./api.ts"
import { isInvalidRequest, readError } from "./errors.ts"
import { fileResponse } from "./wire.ts"
import type { MinimaxFile } from "./wire.ts"

const megabyte = 1024 * 1024

/** See https://platform.minimax.io/docs/api-reference/file-management-upload. Files are kept for 7 days. */
export const upload: UploadOperation<unknown, MinimaxFile> = {
  request: (file, _settings, model) =>
    isSecondApi(model)
      ? {
          method: "POST",
          path: "/v1/files/upload",
          multipart: [
            { name: "purpose", value: "video_generation_input" },
            { name: "file", file }
          ]
        }
      : undefined,
  response: fileResponse,
  decode: (body) => {
    const id = body.file?.file_id
    return id == null || !/^\d+$/.test(String(id))
      ? unexpectedOutcome(body, "file.file_id")
      : { _tag: "Uploaded", reference: `mm_file://${id}` }
  },
  maxBytes: 50 * megabyte,
  mediaTypes: [
    ...["jpeg", "png", "webp", "heic", "heif"].map((type) => `image/${type}`),
    "video/mp4",
    "video/quicktime",
    ...["wav", "x-wav", "vnd.wave", "mpeg", "mp3"].map((type) => `audio/${type}`)
  ]
}

/**
 * Cancels a task that is queued. The same request deletes the record of one that has ended. See
 * https://platform.minimax.io/docs/api-reference/video-generation-v2-delete.
 */
export const cancel: CancelOperation<unknown, Params> = {
  request: ({ id, params }) => {
    if (params.api === undefined) throw new Error("Only tasks of the second video API can be canceled.")
    return { method: "DELETE", path: `/v2/video_generation/${encodeURIComponent(id)}` }
  },
  decode: (body) => {
    switch (firstStringAt(body, "action", "status")?.toLowerCase()) {
      case "cancelled":
      case "canceled":
      case "cancel":
        return { _tag: "Canceled" }
      case "deleted":
      case "delete":
        return { _tag: "TooLate", message: "The task had ended, and the vendor has deleted its record." }
      default:
        return unexpectedOutcome(body, "action")
    }
  },
  decodeError: (body, { status }) => {
    const error = body["error"] == null ? undefined : readError(body)
    // "running: not allowed, returns an error", of which no more is documented.
    return status === 400 && error?.message != null && isInvalidRequest(error)
      ? { _tag: "TooLate", message: error.message }
      : undefined
  },
  deletesResults: true
}

const toTask = (item: unknown) => ({
  id: firstStringAt(item, "id"),
  params: secondApi,
  model: firstStringAt(item, "model"),
  createdAt: firstInstantAt(item, "created_at")
})

const pageSize = 100

/** See https://platform.minimax.io/docs/api-reference/video-generation-v2-list. The list does not contain prompts. */
export const recover: RecoverOperation = {
  request: ({ request: { model } }) =>
    isSecondApi(model)
      ? {
          method: "GET",
          path: "/v2/query/video_generation",
          query: { page_num: "1", page_size: String(pageSize), "filter.model": model }
        }
      : undefined,
  decode: (body) => {
    const { items, total } = body
    if (!Array.isArray(items)) return unexpectedOutcome(body, "items")
    return listedTasks(items, toTask, total === items.length)
  }
}

/**
 * The vendor first sends a `challenge`, and expects it back within 3 seconds. It signs nothing. See
 * https://platform.minimax.io/docs/api-reference/video-generation-t2v.
 */
export const webhook: WebhookOperation = {
  decode: (body) => {
    const { challenge } = body
    if (challenge != null) return { _tag: "Respond", body: { challenge } }
    const id = firstStringAt(body, "task.id")
    return id === undefined ? taskUpdated(firstStringAt(body, "task_id")) : taskUpdated(id, secondApi)
  }
}

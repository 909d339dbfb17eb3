/** Uploads, the cancel and the list of the second API, and notifications. */
import { firstInstantAt, firstStringAt, jsonObject, listedTasks, taskUpdated } from "@gentask/core/provider"
import type {
  CancelOperation,
  CancelOutcome,
  JsonObject,
  RecoverOperation,
  UploadOperation,
  WebhookOperation
} from "@gentask/core/provider"
import * as z from "zod"
import { isSecondApi, secondApi } from "./api.ts"
import type { Params } from "./api.ts"
import { readError, reasonOf } from "./errorReason.ts"
import { fileResponse, loose } from "./wire.ts"
import type { MinimaxEnvelope, MinimaxFile } from "./wire.ts"

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
  decode: (body, { status }) => {
    const error = readError(body)
    if (error !== undefined) return { _tag: "Error", reason: reasonOf(error, status) }
    const id = body.file?.file_id
    return id == null || !/^\d+$/.test(String(id))
      ? { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "file.file_id" } }
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
export const cancel: CancelOperation<unknown, Params, MinimaxEnvelope> = {
  request: ({ id, params }) => {
    if (params.api === undefined) throw new Error("Only tasks of the second video API can be canceled.")
    return { method: "DELETE", path: `/v2/video_generation/${encodeURIComponent(id)}` }
  },
  response: loose,
  decode: (body, { status }): CancelOutcome => {
    const error = readError(body)
    if (error !== undefined) return { _tag: "Error", reason: reasonOf(error, status) }
    switch (firstStringAt(body, "action", "status")?.toLowerCase()) {
      case "cancelled":
      case "canceled":
      case "cancel":
        return { _tag: "Canceled" }
      case "deleted":
      case "delete":
        return { _tag: "TooLate", message: "The task had ended, and the vendor has deleted its record." }
      default:
        return { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "action" } }
    }
  },
  decodeError: (body, { status }): CancelOutcome | undefined => {
    const error = readError(body)
    if (error === undefined) return undefined
    const reason = reasonOf(error, status)
    // "running: not allowed, returns an error", of which no more is documented.
    return status === 400 && reason._tag === "InvalidRequest" && body.error != null && error.message != null
      ? { _tag: "TooLate", message: error.message }
      : { _tag: "Error", reason }
  },
  deletesResults: true
}

const list = z.object({
  ...loose.shape,
  items: z.array(z.unknown()).nullish(),
  total: z.number().nullish().catch(null)
})

const toTask = (item: unknown) => ({
  id: firstStringAt(item, "id"),
  params: secondApi,
  model: firstStringAt(item, "model"),
  createdAt: firstInstantAt(item, "created_at")
})

const pageSize = 100

/** See https://platform.minimax.io/docs/api-reference/video-generation-v2-list. The list does not contain prompts. */
export const recover: RecoverOperation<unknown, z.infer<typeof list>> = {
  request: ({ request: { model } }) =>
    isSecondApi(model)
      ? {
          method: "GET",
          path: "/v2/query/video_generation",
          query: { page_num: "1", page_size: String(pageSize), "filter.model": model }
        }
      : undefined,
  response: list,
  decode: (body, { status }) => {
    const error = readError(body)
    if (error !== undefined) return { _tag: "Error", reason: reasonOf(error, status) }
    if (!body.items) return { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "items" } }
    return listedTasks(body.items, toTask, body.total === body.items.length)
  }
}

/**
 * The vendor first sends a `challenge`, and expects it back within 3 seconds. It signs nothing. See
 * https://platform.minimax.io/docs/api-reference/video-generation-t2v.
 */
export const webhook: WebhookOperation<unknown, JsonObject> = {
  response: jsonObject,
  decode: (body) => {
    const { challenge } = body
    if (challenge != null) return { _tag: "Respond", body: { challenge } }
    const id = firstStringAt(body, "task.id")
    return id === undefined ? taskUpdated(firstStringAt(body, "task_id")) : taskUpdated(id, secondApi)
  }
}

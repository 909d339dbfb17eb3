/** What an account has besides its queries and submits: cancel, files, and the list of predictions. */
import { firstStringAt, readErrorDetail } from "@gentask/core/provider"
import type { CancelOperation, ListedTask, RecoverOperation, UploadOperation } from "@gentask/core/provider"
import * as z from "zod"
import { statusOf } from "./decode.ts"
import { body, prediction } from "./wire.ts"
import type { Prediction, ReplicateBody } from "./wire.ts"

/** See https://replicate.com/docs/reference/http#predictions.cancel */
export const cancel: CancelOperation<unknown, unknown, Prediction> = {
  request: ({ id }) => ({ method: "POST", path: `/v1/predictions/${encodeURIComponent(id)}/cancel` }),
  response: prediction,
  // The response is the prediction.
  decode: ({ status }) => {
    const state = statusOf(status)
    if (state === "canceled" || state === "expired") return { _tag: "Canceled" }
    return state === "succeeded" || state === "failed"
      ? { _tag: "TooLate", message: status }
      : { _tag: "CancelRequested" }
  }
}

/** See https://replicate.com/docs/reference/http#files.create */
export const upload: UploadOperation<unknown, ReplicateBody> = {
  request: (file) => ({ method: "POST", path: "/v1/files", multipart: [{ name: "content", file }] }),
  response: body,
  decode: (response) => {
    const reference = firstStringAt(response, "urls.get")
    if (reference !== undefined) return { _tag: "Uploaded", reference }
    const { message = "The response has no URL" } = readErrorDetail(response)
    return { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "urls.get", message } }
  },
  // "Files must be less than 100MB in size."
  maxBytes: 100_000_000 - 1
}

const page = z.looseObject({ next: z.string().nullish(), results: z.array(z.unknown()) })

/**
 * The list has `owner/name` of a prediction, which says neither the version nor the deployment that was submitted.
 * Predictions are compared by their prompt and time.
 */
const toTask = (item: unknown): ReadonlyArray<ListedTask> => {
  const id = firstStringAt(item, "id")
  if (id === undefined) return []
  return [{ id, prompt: firstStringAt(item, "input.prompt"), createdAt: firstStringAt(item, "created_at") }]
}

const minute = 60_000

/** See https://replicate.com/docs/reference/http#predictions.list, which has "all predictions" of the account. */
export const recover: RecoverOperation<unknown, z.infer<typeof page>> = {
  request: ({ submittedAt, endedAt }) => ({
    method: "GET",
    path: "/v1/predictions",
    // A clock that differs from the vendor's must not hide the prediction.
    query: {
      created_after: new Date(submittedAt.getTime() - minute).toISOString(),
      created_before: new Date(endedAt.getTime() + minute).toISOString()
    }
  }),
  response: page,
  decode: ({ next, results }) => {
    const tasks = results.flatMap(toTask)
    return { _tag: "Tasks", tasks, isComplete: next == null && tasks.length === results.length }
  }
}

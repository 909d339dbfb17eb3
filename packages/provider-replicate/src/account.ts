/** What an account has besides its queries and submits: cancel, files, and the list of predictions. */
import { firstStringAt, listedTasks, unexpectedOutcome } from "@gentask/core/provider"
import type { CancelOperation, RecoverOperation, UploadOperation } from "@gentask/core/provider"
import * as z from "zod"
import { statusOf } from "./decode.ts"

/** See https://replicate.com/docs/reference/http#predictions.cancel */
export const cancel: CancelOperation = {
  request: ({ id }) => ({ method: "POST", path: `/v1/predictions/${encodeURIComponent(id)}/cancel` }),
  // The response is the prediction.
  decode: (body) => {
    const word = firstStringAt(body, "status")
    const status = statusOf(word)
    if (status === "canceled" || status === "expired") return { _tag: "Canceled" }
    return status === "succeeded" || status === "failed"
      ? { _tag: "TooLate", message: word }
      : { _tag: "CancelRequested" }
  }
}

/** See https://replicate.com/docs/reference/http#files.create */
export const upload: UploadOperation = {
  request: (file) => ({ method: "POST", path: "/v1/files", multipart: [{ name: "content", file }] }),
  decode: (body) => {
    const reference = firstStringAt(body, "urls.get")
    return reference === undefined
      ? unexpectedOutcome(body, "urls.get", "The response has no URL")
      : { _tag: "Uploaded", reference }
  },
  // "Files must be less than 100MB in size."
  maxBytes: 100_000_000 - 1
}

const page = z.looseObject({ next: z.string().nullish(), results: z.array(z.unknown()) })

/**
 * The list has `owner/name` of a prediction, which says neither the version nor the deployment that was submitted.
 * Predictions are compared by their prompt and time.
 */
const toTask = (item: unknown) => ({
  id: firstStringAt(item, "id"),
  prompt: firstStringAt(item, "input.prompt"),
  createdAt: firstStringAt(item, "created_at")
})

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
  decode: ({ next, results }) => listedTasks(results, toTask, next == null)
}

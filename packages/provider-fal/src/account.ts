/** What an account has besides its requests: cancel, files, credit, and the list of requests. */
import { balanceAt, firstStringAt, listedTasks, unexpectedOutcome } from "@gentask/core/provider"
import type {
  BalanceOperation,
  CancelOperation,
  CancelOutcome,
  JsonObject,
  RecoverOperation,
  UploadOperation
} from "@gentask/core/provider"
import * as z from "zod"
import { appOf, requestPath } from "./endpoint.ts"
import type { FalParams } from "./endpoint.ts"

/** The host of files and of the keys of webhooks. */
export const storageHost = "rest.fal.ai"
/** The host of the platform APIs. */
export const platformHost = "api.fal.ai"

/** The word of a response to a cancel. Older documents have `success` instead. */
const statusOf = (response: JsonObject): string | undefined =>
  firstStringAt(response, "status")?.toUpperCase()

/** The words with which the vendor cancels nothing, with an HTTP error or without. */
const refusalOf = (response: JsonObject): CancelOutcome | undefined => {
  const status = statusOf(response)
  if (status === "ALREADY_COMPLETED") return { _tag: "TooLate", message: status }
  return status === "NOT_FOUND"
    ? { _tag: "Error", reason: { _tag: "TaskNotFound", code: status } }
    : undefined
}

/** See https://fal.ai/docs/inference-api/queue/cancel */
export const cancel: CancelOperation<unknown, FalParams> = {
  request: (task) => ({ method: "PUT", path: `${requestPath(task)}/cancel` }),
  decode: (response) => {
    const { success } = response
    const refusal = refusalOf(response)
    if (refusal !== undefined) return refusal
    if (success === false) return { _tag: "TooLate", message: "success: false" }
    // The vendor has removed the request from the queue. One that runs receives a signal, and may complete all the same.
    return statusOf(response) === "OK" ? { _tag: "Canceled" } : { _tag: "CancelRequested" }
  },
  decodeError: (response, head) => (head.status < 500 ? refusalOf(response) : undefined)
}

/** As the vendor's client uploads files up to 90 MB, the limit of one request. */
export const upload: UploadOperation = {
  request: ({ name, mediaType }) => ({
    method: "POST",
    host: storageHost,
    path: "/storage/upload/initiate",
    query: { storage_type: "fal-cdn-v3" },
    body: { content_type: mediaType, file_name: name }
  }),
  decode: (body, _, file) => {
    const url = firstStringAt(body, "upload_url")
    const reference = firstStringAt(body, "file_url")
    if (url === undefined) return unexpectedOutcome(body, "upload_url")
    if (reference === undefined) return unexpectedOutcome(body, "file_url")
    const headers = { "content-type": file.mediaType }
    return { _tag: "SendTo", request: { method: "PUT", url, headers, file }, reference }
  },
  maxBytes: 90 * 1024 * 1024
}

/** See https://fal.ai/docs/platform-apis/v1/account/billing */
export const balance: BalanceOperation = {
  request: () => ({
    method: "GET",
    host: platformHost,
    path: "/v1/account/billing",
    query: { expand: "credits" }
  }),
  decode: (body) => {
    const unit = firstStringAt(body, "credits.currency") ?? "USD"
    return balanceAt(body, "credits.current_balance", unit)
  }
}

const listed = z.looseObject({ items: z.array(z.unknown()) })

const toTask = (item: unknown) => {
  const model = firstStringAt(item, "endpoint_id")
  if (model === undefined) return { id: undefined }
  return {
    id: firstStringAt(item, "request_id"),
    params: { app: appOf(model) },
    model,
    prompt: firstStringAt(item, "json_input.prompt"),
    createdAt: firstStringAt(item, "sent_at", "started_at")
  }
}

/**
 * See https://fal.ai/docs/platform-apis/v1/models/requests/by-endpoint. The list is never complete: the vendor does not
 * document that it has the requests that have not ended.
 */
export const recover: RecoverOperation<unknown, z.infer<typeof listed>> = {
  request: ({ request, submittedAt }) => ({
    method: "GET",
    host: platformHost,
    path: "/v1/models/requests/by-endpoint",
    query: {
      endpoint_id: request.model,
      // A clock that is ahead of the vendor's must not hide the request.
      start: new Date(submittedAt.getTime() - 60_000).toISOString(),
      expand: "payloads",
      limit: "100"
    }
  }),
  response: listed,
  decode: ({ items }) => listedTasks(items, toTask, false)
}

/** What an account has besides its queries and submits: cancel, files and credit. */
import { amountAt, firstStringAt, readErrorDetail, valueAt } from "@gentask/core/provider"
import type {
  BalanceOperation,
  CancelOperation,
  ErrorReason,
  MultipartField,
  UploadOperation
} from "@gentask/core/provider"
import * as z from "zod"
import { body, headers } from "./wire.ts"
import type { RunwayBody } from "./wire.ts"

const unexpected = (response: RunwayBody, path: string): ErrorReason => {
  const { message = "The response has no result" } = readErrorDetail(response)
  return { _tag: "UnexpectedResponse", path, message }
}

/**
 * The same request deletes a task that has ended, with its results. A canceled task can no longer be queried.
 *
 * @see https://docs.dev.runwayml.com/api
 */
export const cancel: CancelOperation<unknown, unknown, unknown> = {
  request: ({ id }) => ({ method: "DELETE", path: `/v1/tasks/${encodeURIComponent(id)}`, headers }),
  response: z.unknown(),
  // Documented is HTTP 204 without content. The vendor's client accepts every 2xx status.
  decode: (response, { status }) => {
    if (status === 204) return { _tag: "Canceled" }
    return valueAt(response, "error") == null
      ? { _tag: "CancelRequested" }
      : {
          _tag: "Error",
          reason: { _tag: "UnexpectedResponse", path: "error", ...readErrorDetail(response) }
        }
  },
  decodeError: (response, { status }) =>
    status === 404
      ? { _tag: "Error", reason: { _tag: "TaskNotFound", ...readErrorDetail(response) } }
      : undefined,
  deletesResults: true
}

/** The fields of the form, in their order: the storage ignores those after the file. */
const fieldsOf = (response: RunwayBody): ReadonlyArray<MultipartField> | undefined => {
  const fields = response["fields"]
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return undefined
  return Object.entries(fields).flatMap(([name, value]) =>
    typeof value === "string" ? [{ name, value }] : []
  )
}

/** See https://docs.dev.runwayml.com/assets/uploads */
export const upload: UploadOperation<unknown, RunwayBody> = {
  request: ({ name }) => ({
    method: "POST",
    path: "/v1/uploads",
    headers,
    body: { filename: name, type: "ephemeral" }
  }),
  response: body,
  decode: (response, _, file) => {
    const url = firstStringAt(response, "uploadUrl")
    const reference = firstStringAt(response, "runwayUri")
    const fields = fieldsOf(response)
    if (url === undefined) return { _tag: "Error", reason: unexpected(response, "uploadUrl") }
    if (reference === undefined) return { _tag: "Error", reason: unexpected(response, "runwayUri") }
    if (fields === undefined) return { _tag: "Error", reason: unexpected(response, "fields") }
    const multipart = [...fields, { name: "file", file }]
    return { _tag: "SendTo", request: { method: "POST", url, multipart }, reference }
  },
  maxBytes: 200_000_000,
  mediaTypes: ["image/*", "video/*", "audio/*"]
}

/** The credits of the organization. */
export const balance: BalanceOperation<unknown, RunwayBody> = {
  request: () => ({ method: "GET", path: "/v1/organization", headers }),
  response: body,
  decode: (response) => {
    const available = amountAt(response, "creditBalance", "credits")
    return available === undefined
      ? { _tag: "Error", reason: unexpected(response, "creditBalance") }
      : { _tag: "Balance", available, used: null }
  }
}

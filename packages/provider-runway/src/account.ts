/** What an account has besides its queries and submits: cancel, files and credit. */
import { balanceAt, firstStringAt, unexpectedOutcome, valueAt } from "@gentask/core/provider"
import type {
  BalanceOperation,
  CancelOperation,
  JsonObject,
  MultipartField,
  UploadOperation
} from "@gentask/core/provider"
import * as z from "zod"
import { headers } from "./headers.ts"

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
      : unexpectedOutcome(response, "error", "The response is an error")
  },
  deletesResults: true
}

/** The fields of the form, in their order: the storage ignores those after the file. */
const fieldsOf = ({ fields }: JsonObject): ReadonlyArray<MultipartField> | undefined => {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return undefined
  return Object.entries(fields).flatMap(([name, value]) =>
    typeof value === "string" ? [{ name, value }] : []
  )
}

/** See https://docs.dev.runwayml.com/assets/uploads */
export const upload: UploadOperation = {
  request: ({ name }) => ({
    method: "POST",
    path: "/v1/uploads",
    headers,
    body: { filename: name, type: "ephemeral" }
  }),
  decode: (body, _, file) => {
    const url = firstStringAt(body, "uploadUrl")
    const reference = firstStringAt(body, "runwayUri")
    const fields = fieldsOf(body)
    if (url === undefined) return unexpectedOutcome(body, "uploadUrl")
    if (reference === undefined) return unexpectedOutcome(body, "runwayUri")
    if (fields === undefined) return unexpectedOutcome(body, "fields")
    const multipart = [...fields, { name: "file", file }]
    return { _tag: "SendTo", request: { method: "POST", url, multipart }, reference }
  },
  maxBytes: 200_000_000,
  mediaTypes: ["image/*", "video/*", "audio/*"]
}

/** The credits of the organization. */
export const balance: BalanceOperation = {
  request: () => ({ method: "GET", path: "/v1/organization", headers }),
  decode: (body) => balanceAt(body, "creditBalance", "credits")
}

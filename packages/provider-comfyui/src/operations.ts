/** Cancels and uploads. See server.py of ComfyUI. */
import { firstStringAt, readErrorDetail, valueAt } from "@gentask/core/provider"
import type { CancelOperation, UploadOperation } from "@gentask/core/provider"
import * as z from "zod"
import { anyResponse } from "./wire.ts"
import type { AnyResponse } from "./wire.ts"

/**
 * The only request that stops exactly one task, whether it waits or runs. `POST /interrupt` stops whatever runs at servers
 * that do not know its `prompt_id`.
 */
export const cancel: CancelOperation<unknown, unknown, unknown> = {
  request: ({ id }) => ({ method: "POST", path: `/api/jobs/${encodeURIComponent(id)}/cancel` }),
  response: z.unknown(),
  decode: (body) =>
    valueAt(body, "cancelled") === false
      ? { _tag: "TooLate", message: "The task has ended, or the server does not know it" }
      : { _tag: "CancelRequested" }
}

export const upload: UploadOperation<unknown, AnyResponse> = {
  request: (file) => ({ method: "POST", path: "/upload/image", multipart: [{ name: "image", file }] }),
  response: anyResponse,
  decode: (body) => {
    const name = firstStringAt(body, "name")
    const { subfolder } = body
    if (name !== undefined && typeof subfolder === "string")
      return { _tag: "Uploaded", reference: subfolder === "" ? name : `${subfolder}/${name}` }
    const { message = "The response has no name" } = readErrorDetail(body)
    return { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "name", message } }
  }
}

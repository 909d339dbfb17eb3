/** Cancels and uploads. See server.py of ComfyUI. */
import { firstStringAt, unexpectedOutcome, valueAt } from "@gentask/core/provider"
import type { CancelOperation, UploadOperation } from "@gentask/core/provider"
import * as z from "zod"

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

export const upload: UploadOperation = {
  request: (file) => ({ method: "POST", path: "/upload/image", multipart: [{ name: "image", file }] }),
  decode: (body) => {
    const name = firstStringAt(body, "name")
    const { subfolder } = body
    if (name === undefined || typeof subfolder !== "string") return unexpectedOutcome(body, "name")
    return { _tag: "Uploaded", reference: subfolder === "" ? name : `${subfolder}/${name}` }
  }
}

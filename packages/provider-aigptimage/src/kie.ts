/** What only kie.ai offers: uploads, the account's credit, and signed notifications. */
import { createHmac } from "node:crypto"
import {
  balanceAt,
  firstStringAt,
  isRecent,
  taskUpdated,
  tryParseJson,
  unexpectedOutcome,
  valueAt
} from "@gentask/core/provider"
import type {
  BalanceOperation,
  UploadOperation,
  WebhookCredentials,
  WebhookOperation,
  WebhookRequest
} from "@gentask/core/provider"
import { isSameSignature } from "@gentask/core/signatures"
import type { ValidSettings } from "./settings.ts"
import { veoParams } from "./veo.ts"

/** The host of uploads. It receives the same API key. */
export const uploadHost = "kieai.redpandaai.co"

/** See https://docs.kie.ai/file-upload-api/upload-file-stream */
export const upload: UploadOperation<ValidSettings> = {
  request: (file, { vendor }) =>
    vendor === "kie"
      ? {
          method: "POST",
          host: uploadHost,
          path: "/api/file-stream-upload",
          // Without a name, the vendor chooses a random one. A name would overwrite the file of another upload.
          multipart: [
            { name: "uploadPath", value: "gentask" },
            { name: "file", file }
          ]
        }
      : undefined,
  decode: (body) => {
    const reference = firstStringAt(body, "data.downloadUrl")
    return reference === undefined
      ? unexpectedOutcome(body, "data.downloadUrl", "The response has no result")
      : { _tag: "Uploaded", reference }
  }
}

/** See https://docs.kie.ai/common-api/get-account-credits */
export const balance: BalanceOperation<ValidSettings> = {
  request: ({ vendor }) => (vendor === "kie" ? { method: "GET", path: "/api/v1/chat/credit" } : undefined),
  decode: (body) => balanceAt(body, "data", "credits")
}

const idPaths = ["data.taskId", "data.task_id", "taskId", "task_id"]

/** The signature covers the task id and the time only, which suffices: a notification only leads to a query. */
const verify = (
  { headers, text, receivedAt }: WebhookRequest,
  { secret = "" }: WebhookCredentials
): boolean => {
  const timestamp = headers["x-webhook-timestamp"] ?? ""
  const id = firstStringAt(tryParseJson(text), ...idPaths)
  if (secret === "" || id === undefined || !isRecent(timestamp, receivedAt)) return false
  const expected = createHmac("sha256", secret).update(`${id}.${timestamp}`).digest("base64")
  return isSameSignature(headers["x-webhook-signature"], expected)
}

/** See https://docs.kie.ai/common-api/webhook-verification */
export const webhook: WebhookOperation<ValidSettings> = {
  verify,
  decode: (body) => {
    const id = firstStringAt(body, ...idPaths)
    if (id === undefined) return { _tag: "Ignored" }
    // Only Veo has `info`. A failed Veo task can be told from others by the form of its id alone.
    const isOfVeo = valueAt(body, "data.info") !== undefined || id.startsWith("veo_")
    return taskUpdated(id, isOfVeo ? veoParams : undefined)
  }
}

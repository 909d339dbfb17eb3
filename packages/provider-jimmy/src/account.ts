/** Uploads, and the credit of the account. See https://docs.viraltok.ai/zh/api-reference/common/files-upload.mdx */
import { firstStringAt, unexpectedOutcome, valueAt } from "@gentask/core/provider"
import type { Amount, BalanceOperation, JsonObject, UploadOperation } from "@gentask/core/provider"
import { prefix } from "./models/routes.ts"

/** The media types of the documented file extensions. Some have several. */
const mediaTypes = [
  ...["jpeg", "png", "gif", "webp", "bmp", "svg+xml"].map((type) => `image/${type}`),
  ...["mp4", "quicktime", "x-msvideo", "webm", "x-matroska", "matroska", "x-m4v", "x-flv"].map(
    (type) => `video/${type}`
  ),
  ...["mpeg", "wav", "x-wav", "aac", "mp4", "x-m4a", "flac", "x-flac", "ogg"].map((type) => `audio/${type}`)
]

export const upload: UploadOperation = {
  request: (file) => ({
    method: "POST",
    path: `${prefix}/files/upload`,
    multipart: [{ name: "file", file }]
  }),
  decode: (body) => {
    const reference = firstStringAt(body, "data.url")
    return reference === undefined
      ? unexpectedOutcome(body, "data.url", "The response has no result")
      : { _tag: "Uploaded", reference }
  },
  maxBytes: 100 * 1024 * 1024,
  mediaTypes
}

const amountAt = (body: JsonObject, path: string): Amount | null => {
  const amount = valueAt(body, path)
  return typeof amount === "number" ? { amount, unit: "JimiCoin" } : null
}

export const balance: BalanceOperation = {
  request: () => ({ method: "GET", path: `${prefix}/user/balance` }),
  decode: (body) => {
    const available = amountAt(body, "data.available")
    const used = amountAt(body, "data.used_coin")
    return available === null && used === null
      ? unexpectedOutcome(body, "data.available", "The response has no result")
      : { _tag: "Balance", available, used }
  }
}

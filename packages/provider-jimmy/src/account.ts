/** Uploads, and the credit of the account. See https://docs.viraltok.ai/zh/api-reference/common/files-upload.mdx */
import { errorFromCode, firstStringAt, readErrorDetail, valueAt } from "@gentask/core/provider"
import type { Amount, BalanceOperation, ErrorReason, UploadOperation } from "@gentask/core/provider"
import { codeOf, errorOf, prefix } from "./codes.ts"
import { envelope } from "./wire.ts"
import type { JimmyEnvelope } from "./wire.ts"

const reasonOf = (body: JimmyEnvelope, path: string): ErrorReason => {
  const { message = "The response has no result" } = readErrorDetail(body)
  const code = codeOf(body)
  const isSuccess = code === "20000"
  return (
    errorOf(body) ??
    (isSuccess ? { _tag: "UnexpectedResponse", path, message } : errorFromCode(code, { message }))
  )
}

/** The media types of the documented file extensions. Some have several. */
const mediaTypes = [
  ...["jpeg", "png", "gif", "webp", "bmp", "svg+xml"].map((type) => `image/${type}`),
  ...["mp4", "quicktime", "x-msvideo", "webm", "x-matroska", "matroska", "x-m4v", "x-flv"].map(
    (type) => `video/${type}`
  ),
  ...["mpeg", "wav", "x-wav", "aac", "mp4", "x-m4a", "flac", "x-flac", "ogg"].map((type) => `audio/${type}`)
]

export const upload: UploadOperation<unknown, JimmyEnvelope> = {
  request: (file) => ({
    method: "POST",
    path: `${prefix}/files/upload`,
    multipart: [{ name: "file", file }]
  }),
  response: envelope,
  decode: (body) => {
    const reference = firstStringAt(body, "data.url")
    return reference === undefined
      ? { _tag: "Error", reason: reasonOf(body, "data.url") }
      : { _tag: "Uploaded", reference }
  },
  maxBytes: 100 * 1024 * 1024,
  mediaTypes
}

const amountAt = (body: JimmyEnvelope, path: string): Amount | null => {
  const amount = valueAt(body, path)
  return typeof amount === "number" ? { amount, unit: "JimiCoin" } : null
}

export const balance: BalanceOperation<unknown, JimmyEnvelope> = {
  request: () => ({ method: "GET", path: `${prefix}/user/balance` }),
  response: envelope,
  decode: (body) => {
    const available = amountAt(body, "data.available")
    const used = amountAt(body, "data.used_coin")
    return available === null && used === null
      ? { _tag: "Error", reason: reasonOf(body, "data.available") }
      : { _tag: "Balance", available, used }
  }
}

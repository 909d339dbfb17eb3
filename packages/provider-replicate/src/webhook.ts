/** The signed requests of Replicate. See https://replicate.com/docs/topics/webhooks/verify-webhook */
import { createHmac, timingSafeEqual } from "node:crypto"
import type {
  KeyExchange,
  WebhookCredentials,
  WebhookOperation,
  WebhookRequest
} from "@gentask/core/provider"
import * as z from "zod"
import { prediction } from "./wire.ts"
import type { Prediction } from "./wire.ts"

const secretResponse = z.object({ key: z.string().min(1) })

const day = 24 * 60 * 60 * 1000

/** The account's signing secret. The vendor documents no lifetime. */
const keys: KeyExchange<unknown, z.infer<typeof secretResponse>, unknown> = {
  request: ({ apiKey }) => ({
    method: "GET",
    path: "/v1/webhooks/default/secret",
    headers: { authorization: `Bearer ${apiKey}` }
  }),
  response: secretResponse,
  decode: ({ key }) => ({ _tag: "Exchanged", value: key, expiresInMs: day })
}

const maxAgeMs = 5 * 60_000

const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

/** The header has signatures with their versions, of which `v1` is the only one. */
const isSignedWith = (secret: unknown, content: string, header: string): boolean => {
  const key = Buffer.from(typeof secret === "string" ? secret.replace(/^whsec_/, "") : "", "base64")
  if (key.length === 0) return false
  const expected = Buffer.from(`v1,${createHmac("sha256", key).update(content).digest("base64")}`)
  return header.split(" ").some((signature) => isEqual(Buffer.from(signature), expected))
}

const verify = (
  { headers, text, receivedAt }: WebhookRequest,
  { keys: fetched, secret }: WebhookCredentials
): boolean => {
  const id = headers["webhook-id"] ?? ""
  const timestamp = headers["webhook-timestamp"] ?? ""
  if (id === "" || !/^\d+$/.test(timestamp)) return false
  if (Math.abs(receivedAt.getTime() - Number(timestamp) * 1000) > maxAgeMs) return false
  const content = `${id}.${timestamp}.${text}`
  return [fetched, secret].some((each) => isSignedWith(each, content, headers["webhook-signature"] ?? ""))
}

/** The body is the prediction. */
export const webhook: WebhookOperation<unknown, Prediction> = {
  keys,
  verify,
  response: prediction,
  decode: ({ id }) =>
    id == null || id.trim() === "" ? { _tag: "Ignored" } : { _tag: "TaskUpdated", task: { id } }
}

/** The signed requests of fal. See https://docs.fal.ai/model-endpoints/webhooks */
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto"
import type { JsonWebKey } from "node:crypto"
import { firstStringAt, isRecent, taskUpdated } from "@gentask/core/provider"
import type {
  KeyExchange,
  WebhookCredentials,
  WebhookOperation,
  WebhookRequest
} from "@gentask/core/provider"
import * as z from "zod"
import { storageHost } from "./account.ts"

const jwks = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), crv: z.string().nullish(), x: z.string().nullish() })).min(1)
})

const day = 24 * 60 * 60 * 1000

/** The vendor's public keys, which may be kept for 24 hours. */
const keys: KeyExchange<unknown, z.infer<typeof jwks>, unknown> = {
  request: () => ({ method: "GET", host: storageHost, path: "/.well-known/jwks.json" }),
  response: jwks,
  decode: ({ keys: value }) => ({ _tag: "Exchanged", value, expiresInMs: day })
}

const isSignedBy = (key: unknown, message: Buffer, signature: Buffer): boolean => {
  try {
    return verifySignature(
      null,
      message,
      createPublicKey({ key: key as JsonWebKey, format: "jwk" }),
      signature
    )
  } catch {
    // A key of another type, which the vendor may publish for something else.
    return false
  }
}

/** The signature covers the id of the request, that of the user, the time, and the digest of the body. */
const verify = (
  { headers, text, receivedAt }: WebhookRequest,
  { keys: known }: WebhookCredentials
): boolean => {
  const [id, user, timestamp, signature] = ["request-id", "user-id", "timestamp", "signature"].map(
    (name) => headers[`x-fal-webhook-${name}`] ?? ""
  )
  if (!id || !user || !timestamp || !signature || !Array.isArray(known)) return false
  if (!isRecent(timestamp, receivedAt) || !/^[\da-f]{128}$/i.test(signature)) return false
  const digest = createHash("sha256").update(text).digest("hex")
  const message = Buffer.from([id, user, timestamp, digest].join("\n"))
  return known.some((key) => isSignedBy(key, message, Buffer.from(signature, "hex")))
}

/** A notification names the request, and not its app. It is that of the wait for the request with this id. */
export const webhook: WebhookOperation = {
  keys,
  verify,
  decode: (body) => taskUpdated(firstStringAt(body, "request_id"))
}

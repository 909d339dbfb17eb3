/**
 * Kling AI's signature of notifications.
 *
 * Documented: the headers and the signature, which is that of Standard Webhooks
 * (https://kling.ai/document-api/api/get-started/callbacks). Invented: the ids, and that the emulator's own secret is
 * random, since the vendor shows it in its console.
 */
import { createHmac, randomBytes } from "node:crypto"
import type { RequestedCallback } from "../../submit/VendorEndpoint.ts"

/** Signs a notification. */
export type Sign = NonNullable<RequestedCallback["sign"]>

/** Creates signatures with a random secret, unless a script has one. */
export const makeSign = (): Sign => {
  const secret = `whsec_${randomBytes(24).toString("base64")}`
  return ({ task, body, event, now, key = secret, forged }) => {
    const id = `${task.id}${event}`
    const timestamp = Math.floor(now / 1000)
    const bytes = forged ? randomBytes(24) : Buffer.from(key.replace(/^whsec_/, ""), "base64")
    const signature = createHmac("sha256", bytes).update(`${id}.${timestamp}.${body}`).digest("base64")
    return {
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": `v1,${signature}`
    }
  }
}

import { createHmac } from "node:crypto"
import { isRecent } from "../provider/isRecent.ts"
import { isSameSignature } from "./isSameSignature.ts"
import type { WebhookRequest } from "../provider/WebhookOperation.ts"

/**
 * Verifies the signature of a webhook request as https://www.standardwebhooks.com specifies it: the headers `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`, of which the last may have several signatures.
 *
 * ```ts
 * verify: (request, { secret }) => verifyStandardWebhook(request, secret)
 * ```
 *
 * @param request The request. It must not be older than 5 minutes.
 * @param secret The secret, in base64, with or without its prefix `whsec_`. Without one, no signature is valid.
 */
export const verifyStandardWebhook = (
  { headers, text, receivedAt }: WebhookRequest,
  secret: string | undefined
): boolean => {
  const id = headers["webhook-id"] ?? ""
  const timestamp = headers["webhook-timestamp"]
  const key = Buffer.from(secret?.replace(/^whsec_/, "") ?? "", "base64")
  if (key.length === 0 || id === "" || !isRecent(timestamp, receivedAt)) return false
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.${text}`).digest("base64")
  const signatures = headers["webhook-signature"]?.split(" ") ?? []
  return signatures.some((signature) => isSameSignature(signature, `v1,${digest}`))
}

import { createHmac } from "node:crypto"

/**
 * Returns the secret that signs the webhooks of submits: those with a `webhookUrl`. It derives from the token of the
 * submit, so that its caller knows it.
 *
 * ```ts
 * import { Webhook } from "standardwebhooks"
 *
 * const event = new Webhook(webhookSecretOf(token)).verify(body, headers)
 * ```
 *
 * @param token The token that the submit was sent with.
 * @returns The secret in the form of Standard Webhooks: `whsec_…`.
 */
export const webhookSecretOf = (token: string): string =>
  `whsec_${createHmac("sha256", token).update("gentask-webhook").digest("base64")}`

import { createHash, createHmac } from "node:crypto"
import { secretKey } from "./secret.ts"

/** A message to sign. */
export interface WebhookMessage {
  /** The id of the event. */
  readonly eventId: string
  /** When the attempt is made, in milliseconds since 1970. */
  readonly now: number
  readonly body: string
  /** The secrets in the form `whsec_…`. Each adds a signature. */
  readonly secrets: ReadonlyArray<string>
}

/**
 * Returns the id of a message, which is the same for each delivery of an event. It is a digest, since the ids of events
 * contain text of the vendor, and a dot would end the id in the text that is signed.
 */
export const messageId = (eventId: string): string =>
  `msg_${createHash("sha256").update(eventId).digest("base64url")}`

/**
 * Returns the headers of a message as Standard Webhooks defines them: its id, the time of the attempt and a signature for
 * each secret. Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signMessage = ({
  eventId,
  now,
  body,
  secrets
}: WebhookMessage): Readonly<Record<string, string>> => {
  const id = messageId(eventId)
  const timestamp = String(Math.floor(now / 1000))
  const signatures = secrets.map((secret) => {
    const digest = createHmac("sha256", secretKey(secret)).update(`${id}.${timestamp}.${body}`)
    return `v1,${digest.digest("base64")}`
  })
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" ")
  }
}

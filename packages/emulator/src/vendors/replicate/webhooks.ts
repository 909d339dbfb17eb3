/**
 * Replicate's webhooks.
 *
 * Documented: the headers and the signature, which is that of Standard Webhooks, the secret's endpoint, and the events
 * (https://replicate.com/docs/topics/webhooks). Invented: 3 attempts, and that `output` and `logs` send nothing.
 */
import { createHmac, randomBytes } from "node:crypto"
import type { CallbackMessage, RequestedCallback } from "../../submit/VendorEndpoint.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { PlainRoute } from "../VendorModule.ts"

/** The webhooks of one emulator. */
export interface Webhooks {
  /** The events and the signature of a request's webhook. Undefined if the request has none. */
  readonly callbackOf: (
    body: Readonly<Record<string, unknown>>,
    prediction: RequestedCallback["body"]
  ) => RequestedCallback | undefined
  /** The endpoint that returns the secret. */
  readonly secretRoute: PlainRoute
}

const eventsOf = ({ webhook_events_filter: filter }: Readonly<Record<string, unknown>>) => {
  if (!Array.isArray(filter)) return ["ended"] as const
  return [
    ...(filter.includes("start") ? (["created"] as const) : []),
    ...(filter.includes("completed") ? (["ended"] as const) : [])
  ]
}

/** Creates webhooks with a random secret. */
export const makeWebhooks = (): Webhooks => {
  const secret = `whsec_${randomBytes(24).toString("base64")}`
  const sign = ({ task, body, event, now, key = secret, forged }: CallbackMessage) => {
    const id = `msg_${task.id}_${event}`
    const timestamp = Math.floor(now / 1000)
    const bytes = forged ? randomBytes(24) : Buffer.from(key.replace("whsec_", ""), "base64")
    const signature = createHmac("sha256", bytes).update(`${id}.${timestamp}.${body}`).digest("base64")
    return {
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": `v1,${signature}`
    }
  }
  return {
    callbackOf: (body, prediction) =>
      typeof body["webhook"] === "string"
        ? { url: body["webhook"], body: prediction, events: eventsOf(body), sign, attempts: 3 }
        : undefined,
    secretRoute: {
      purpose: "account",
      method: "GET",
      path: /^\/v1\/webhooks\/default\/secret$/,
      respond: () => jsonResponse(200, { key: secret })
    }
  }
}

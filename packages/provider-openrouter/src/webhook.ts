/** Webhooks. See https://openrouter.ai/docs/cookbook/video-generation/video-generation-webhooks */
import { createHmac, timingSafeEqual } from "node:crypto"
import type { WebhookOperation } from "@gentask/core/provider"
import { webhookBody } from "./wire.ts"
import type { WebhookBody } from "./wire.ts"

/** Documented: older events must be rejected. */
const maxAgeMs = 5 * 60 * 1000

/** The signature is `t=SECONDS,v1=HEX`, in any order. */
const memberOf = (signature: string, name: string): string | undefined =>
  signature
    .split(",")
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1)

export const webhook: WebhookOperation<unknown, WebhookBody> = {
  verify: ({ headers, text, receivedAt }, { secret }) => {
    const signature = headers["x-openrouter-signature"] ?? ""
    const timestamp = memberOf(signature, "t") ?? ""
    const received = Buffer.from(memberOf(signature, "v1") ?? "")
    if (!secret || !/^\d+$/.test(timestamp)) return false
    if (Math.abs(receivedAt.getTime() - Number(timestamp) * 1000) > maxAgeMs) return false
    const expected = Buffer.from(createHmac("sha256", secret).update(`${timestamp},${text}`).digest("hex"))
    return received.length === expected.length && timingSafeEqual(received, expected)
  },
  response: webhookBody,
  decode: ({ type, data, id, status }) => {
    if (type?.startsWith("video.generation.") && data?.id)
      return { _tag: "TaskUpdated", task: { id: data.id } }
    return !type && id && status ? { _tag: "TaskUpdated", task: { id } } : { _tag: "Ignored" }
  }
}

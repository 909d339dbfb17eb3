/** Webhooks. See https://openrouter.ai/docs/cookbook/video-generation/video-generation-webhooks */
import { createHmac } from "node:crypto"
import { firstStringAt, isRecent, taskUpdated } from "@gentask/core/provider"
import type { WebhookOperation } from "@gentask/core/provider"
import { isSameSignature } from "@gentask/core/signatures"

/** The signature is `t=SECONDS,v1=HEX`, in any order. */
const memberOf = (signature: string, name: string): string | undefined =>
  signature
    .split(",")
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1)

export const webhook: WebhookOperation = {
  verify: ({ headers, text, receivedAt }, { secret }) => {
    const signature = headers["x-openrouter-signature"] ?? ""
    const timestamp = memberOf(signature, "t") ?? ""
    // Documented: older events must be rejected.
    if (!secret || !isRecent(timestamp, receivedAt)) return false
    const expected = createHmac("sha256", secret).update(`${timestamp},${text}`).digest("hex")
    return isSameSignature(memberOf(signature, "v1"), expected)
  },
  // An event around the job, or in older documents the job itself.
  decode: (body) => {
    const type = firstStringAt(body, "type")
    if (type !== undefined)
      return taskUpdated(type.startsWith("video.generation.") ? firstStringAt(body, "data.id") : undefined)
    return taskUpdated(firstStringAt(body, "status") && firstStringAt(body, "id"))
  }
}

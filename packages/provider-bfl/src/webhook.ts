/** The notifications of Black Forest Labs. See https://github.com/black-forest-labs/skills (MIT) */
import { createHmac } from "node:crypto"
import { firstStringAt, taskUpdated } from "@gentask/core/provider"
import type { WebhookOperation } from "@gentask/core/provider"
import { isSameSignature } from "@gentask/core/signatures"

export const webhook: WebhookOperation = {
  // The signature covers the body, and no time. A repeated notification only leads to another query.
  verify: ({ headers, text }, { secret }) => {
    const signature = headers["x-bfl-signature"]?.toLowerCase()
    if (!secret) return false
    return isSameSignature(signature, `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`)
  },
  // `task_id` is known from clients only.
  decode: (body) => taskUpdated(firstStringAt(body, "id", "task_id"))
}

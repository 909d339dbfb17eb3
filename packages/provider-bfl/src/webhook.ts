/** The notifications of Black Forest Labs. See https://github.com/black-forest-labs/skills (MIT) */
import { createHmac, timingSafeEqual } from "node:crypto"
import { firstStringAt } from "@gentask/core/provider"
import type { WebhookCredentials, WebhookOperation, WebhookRequest } from "@gentask/core/provider"
import { body } from "./wire.ts"
import type { BflBody } from "./wire.ts"

/** The signature covers the body, and no time. A repeated notification only leads to another query. */
const verify = ({ headers, text }: WebhookRequest, { secret = "" }: WebhookCredentials): boolean => {
  const signature = /^sha256=([\da-f]{64})$/i.exec(headers["x-bfl-signature"] ?? "")?.[1]
  if (secret === "" || signature === undefined) return false
  const expected = createHmac("sha256", secret).update(text).digest()
  return timingSafeEqual(expected, Buffer.from(signature, "hex"))
}

export const webhook: WebhookOperation<unknown, BflBody> = {
  verify,
  response: body,
  // `task_id` is known from clients only.
  decode: (notification) => {
    const id = firstStringAt(notification, "id", "task_id")
    return id === undefined ? { _tag: "Ignored" } : { _tag: "TaskUpdated", task: { id } }
  }
}

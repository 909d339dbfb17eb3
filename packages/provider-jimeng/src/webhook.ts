import { firstStringAt, taskUpdated } from "@gentask/core/provider"
import type { WebhookOperation } from "@gentask/core/provider"

/** The notifications of jimeng 4.6 and dreamactor 2.0. The vendor documents no signature. */
export const webhook: WebhookOperation = {
  decode: (body) => taskUpdated(firstStringAt(body, "task_id"))
}

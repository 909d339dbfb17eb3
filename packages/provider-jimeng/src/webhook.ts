import type { WebhookOperation } from "@gentask/core/provider"
import * as z from "zod"

const body = z.looseObject({ task_id: z.string().min(1).nullish().catch(null) })

/** The notifications of jimeng 4.6 and dreamactor 2.0. The vendor documents no signature. */
export const webhook: WebhookOperation<unknown, z.infer<typeof body>> = {
  response: body,
  decode: ({ task_id: id }) => (id == null ? { _tag: "Ignored" } : { _tag: "TaskUpdated", task: { id } })
}

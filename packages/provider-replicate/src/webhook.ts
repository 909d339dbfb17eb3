/** The signed requests of Replicate. See https://replicate.com/docs/topics/webhooks/verify-webhook */
import { firstStringAt, taskUpdated } from "@gentask/core/provider"
import type { KeyExchange, WebhookOperation } from "@gentask/core/provider"
import { verifyStandardWebhook } from "@gentask/core/signatures"
import * as z from "zod"

const secretResponse = z.object({ key: z.string().min(1) })

const day = 24 * 60 * 60 * 1000

/** The account's signing secret. The vendor documents no lifetime. */
const keys: KeyExchange<unknown, z.infer<typeof secretResponse>, unknown> = {
  request: ({ apiKey }) => ({
    method: "GET",
    path: "/v1/webhooks/default/secret",
    headers: { authorization: `Bearer ${apiKey}` }
  }),
  response: secretResponse,
  decode: ({ key }) => ({ _tag: "Exchanged", value: key, expiresInMs: day })
}

/** The body is the prediction. The signature is that of https://www.standardwebhooks.com. */
export const webhook: WebhookOperation = {
  keys,
  verify: (request, { keys: fetched, secret }) =>
    verifyStandardWebhook(request, secret) ||
    (typeof fetched === "string" && verifyStandardWebhook(request, fetched)),
  decode: (body) => taskUpdated(firstStringAt(body, "id"))
}

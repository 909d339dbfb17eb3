import type { ProviderSpec, WebhookRequest } from "@gentask/core/provider"
import { toWebhookRequest } from "./openCase.ts"
import type { OperationCase } from "./OperationContext.ts"

/** Changes to a recorded webhook request and to what verifies it. */
export interface WebhookChange {
  readonly request?: Partial<WebhookRequest>
  readonly secret?: string | undefined
}

/**
 * Verifies a recorded webhook request.
 *
 * @param change Replaces members of the request, and the secret.
 * @returns True if the vendor signs nothing.
 */
export const verifyCase = (
  { webhook }: ProviderSpec,
  { recording, response }: OperationCase,
  change: WebhookChange = {}
): boolean => {
  if (webhook?.verify === undefined) return true
  const { secret, keys } = recording.webhook ?? {}
  return webhook.verify(
    { ...toWebhookRequest(response), ...change.request },
    { secret: "secret" in change ? change.secret : secret, keys }
  )
}

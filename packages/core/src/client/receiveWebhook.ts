/** The operation `receiveWebhook`. Loaded on use: most programs receive no webhooks. */
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { AccountClient } from "../exchange/AccountClient.ts"
import type { AccountRegistry } from "../exchange/AccountRegistry.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import type { Poller } from "../polling/Poller.ts"
import type { WebhookOutcome } from "../provider/WebhookOperation.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import * as TaskRef from "../task/TaskRef.ts"
import type { IncomingWebhook, ReceivedWebhook } from "../webhook/IncomingWebhook.ts"
import { readWebhook, webhookOperationOf } from "../webhook/readWebhook.ts"
import type { WebhookFailure } from "../webhook/readWebhook.ts"
import { WebhookKeys } from "../webhook/WebhookKeys.ts"

/** Errors of `receiveWebhook`. */
export type ReceiveWebhookError = WebhookFailure | InvalidTaskRef

interface Parts {
  readonly poller: Poller
  readonly registry: AccountRegistry
  readonly scheduler: Scheduler
}

/** Returns the operation `receiveWebhook` of a client. */
export const makeReceiveWebhook = ({ poller, registry, scheduler }: Parts) => {
  const keys = new WeakMap<AccountClient, WebhookKeys>()

  const keysOf = (client: AccountClient): WebhookKeys | undefined => {
    const exchange = client.account.spec.webhook?.keys
    if (exchange === undefined) return undefined
    const known = keys.get(client) ?? new WebhookKeys(client, exchange, scheduler)
    keys.set(client, known)
    return known
  }

  /** Wakes the waits of the tasks. Returns their refs, or else the ref that the webhook contains. */
  const wake = (client: AccountClient, outcome: WebhookOutcome): ReadonlyArray<string> => {
    if (outcome._tag !== "TaskUpdated") return []
    const { id, params = {} } = outcome.task
    const refs = poller.wake(client, { id, params })
    if (refs.length > 0) return refs
    const { spec, name } = client.account
    const account = name === spec.id ? undefined : name
    return [TaskRef.format({ provider: spec.id, account, id, params })]
  }

  return (account: string, webhook: IncomingWebhook): Effect.Effect<ReceivedWebhook, ReceiveWebhookError> =>
    Effect.gen(function* () {
      const { client, operation } = yield* Effect.try({
        try: () => {
          const client = registry.account(account)
          return { client, operation: webhookOperationOf(client.account) }
        },
        catch: (error) => error as ConfigurationError | InvalidTaskRef
      })
      const { outcome, isVerified } = yield* readWebhook(client.account, operation, webhook, keysOf(client))
      const response = outcome._tag === "Respond" ? outcome.body : undefined
      return { refs: wake(client, outcome), isVerified, response }
    })
}

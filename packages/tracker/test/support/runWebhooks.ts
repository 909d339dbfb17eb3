import { UndiciTransport } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import { makeDeliverer } from "../../src/webhooks/Deliverer.ts"
import type { DelivererService } from "../../src/webhooks/Deliverer.ts"
import { makeWebhookEndpoints } from "../../src/webhooks/WebhookEndpoints.ts"
import type { EndpointAdminService } from "../../src/http/EndpointAdmin.ts"
import type { MemoryDeliveries } from "./memoryDeliveries.ts"

/** Runs an effect with the services of webhooks over undici. */
export const runWebhooks = <A, E>(
  store: MemoryDeliveries,
  use: (services: {
    readonly endpoints: EndpointAdminService
    readonly deliverer: DelivererService
  }) => Effect.Effect<A, E>,
  rules = { allowPrivate: true }
): Promise<A> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const deliverer = yield* makeDeliverer(rules)
      const endpoints = yield* makeWebhookEndpoints(rules)
      return yield* use({ endpoints, deliverer })
    }).pipe(Effect.scoped, Effect.provide(store.layer), Effect.provide(UndiciTransport.layer))
  )

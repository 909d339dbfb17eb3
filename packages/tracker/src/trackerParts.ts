/** Connects the tracker with its HTTP API and its webhooks. */
import type { ConfigurationError } from "@gentask/core"
import { Transport } from "@gentask/core/effect"
import { targetTransport } from "@gentask/core/internal/save"
import * as Effect from "effect/Effect"
import { EndpointAdmin } from "./http/EndpointAdmin.ts"
import { serveHttp } from "./http/serveHttp.ts"
import { TaskActions } from "./http/TaskActions.ts"
import { VendorWebhooks } from "./http/VendorWebhooks.ts"
import { TrackerAccounts } from "./owner/TrackerAccounts.ts"
import type { TrackerParts } from "./trackerLayer.ts"
import type { TrackerOptions } from "./TrackerOptions.ts"
import { makeVendorWebhooks } from "./vendorWebhooks.ts"
import { makeDeliverer } from "./webhooks/Deliverer.ts"
import { makeWebhookEndpoints } from "./webhooks/WebhookEndpoints.ts"

const rulesOf = ({ allowPrivateWebhooks = false }: TrackerOptions) => ({ allowPrivate: allowPrivateWebhooks })

/** The parts of a tracker. */
export const trackerParts: TrackerParts = {
  makeDeliverDue: (options) => Effect.map(makeDeliverer(rulesOf(options)), ({ deliverDue }) => deliverDue),
  serve: Effect.fnUntraced(function* (options) {
    const { listen, tokens, dir } = options
    const target = options.target?.connect(targetTransport(yield* Transport))
    const accounts = yield* TrackerAccounts
    const endpoints = yield* makeWebhookEndpoints(rulesOf(options))
    const webhooks = yield* Effect.try({
      try: () => makeVendorWebhooks(options, accounts),
      catch: (error) => error as ConfigurationError
    })
    const { openaiVideos } = options
    return yield* serveHttp({ ...listen, tokens, dir, target, openaiVideos }).pipe(
      Effect.provideService(TaskActions, accounts),
      Effect.provideService(EndpointAdmin, endpoints),
      Effect.provideService(VendorWebhooks, webhooks)
    )
  })
}

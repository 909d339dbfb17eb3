/** The default transport, on undici. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Agent } from "undici"
import { openDownload } from "./openDownload.ts"
import { publicLookup } from "./publicLookup.ts"
import { sendRequest } from "./sendRequest.ts"
import { Transport } from "./Transport.ts"

/** Connections per origin, idle time of a connection in milliseconds, and time to establish one in milliseconds. */
const agentOptions = { connections: 128, keepAliveTimeout: 10_000 } as const
const connectTimeoutMs = 10_000

/**
 * The transport on undici. Its connections are closed with the layer. Links to files are opened through an agent of their
 * own, which refuses hosts that resolve to private addresses.
 *
 * undici is loaded when the layer is built, because loading it takes longer than loading the rest of gentask.
 */
export const layer: Layer.Layer<Transport> = Layer.effect(
  Transport,
  Effect.gen(function* () {
    // The default export, since a bundled CommonJS module has no other one.
    const [{ default: undici }, dns] = yield* Effect.promise(() =>
      Promise.all([import("undici"), import("node:dns")])
    )
    const makeAgent = (connect: NonNullable<Agent.Options["connect"]>) =>
      Effect.acquireRelease(
        Effect.sync(() => new undici.Agent({ ...agentOptions, connect })),
        (agent) => Effect.promise(() => agent.destroy())
      )
    const trusted = yield* makeAgent({ timeout: connectTimeoutMs })
    const publicOnly = yield* makeAgent({ timeout: connectTimeoutMs, lookup: publicLookup(dns.lookup) })
    return Transport.of({
      send: (request, limits) => sendRequest(trusted, request, limits),
      open: (request) =>
        Effect.acquireRelease(
          openDownload(request.allowPrivate ? trusted : publicOnly, request),
          ({ close }) => Effect.sync(close),
          { interruptible: true }
        )
    })
  })
)

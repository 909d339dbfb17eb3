import { UndiciTransport } from "@gentask/core/effect"
import type { Transport } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { UsageError } from "../UsageError.ts"

/** The HTTP transport of all commands. It uses the proxies of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
export const transportLayer: Effect.Effect<Layer.Layer<Transport>, UsageError> = Effect.try({
  try: () => UndiciTransport.layerFromEnvironment(process.env),
  catch: (error) => new UsageError({ message: error instanceof Error ? error.message : String(error) })
})

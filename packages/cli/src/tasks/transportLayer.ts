import { UndiciTransport } from "@gentask/core/effect"
import type { Transport } from "@gentask/core/effect"
import type * as Layer from "effect/Layer"

/** The HTTP transport of all commands. */
export const transportLayer: Layer.Layer<Transport> = UndiciTransport.layer

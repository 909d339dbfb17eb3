import { PollPolicy } from "@gentask/core"
import type { ConfigurationError, Ledger, ProviderAccount } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import type { Transport } from "@gentask/core/effect"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Configuration } from "../config/loadConfiguration.ts"
import { parseDurationOrSeconds } from "../duration.ts"
import { RecordingLedger } from "../ledger/RecordingLedger.ts"

/**
 * What a command records:
 *
 * - `none`: nothing
 * - `tasks`: what vendors report. The ledger is opened after the first response
 * - `durations`: also how long tasks take. The ledger is opened first, since polling learns from it
 */
export type Recording = "none" | "tasks" | "durations"

/** Options of the layer. */
export interface LayerOptions {
  readonly accounts: ReadonlyArray<ProviderAccount>
  readonly configuration: Configuration
  readonly transport: Layer.Layer<Transport>
  /** Minimum time between two polls of a task, as given to `--interval`. */
  readonly interval?: string | undefined
  /** What to record, or an open ledger, which stays open. @default "none" */
  readonly ledger?: Recording | SqliteLedger | undefined
}

/** Creates a layer. `warn` is called if the ledger cannot be written. */
export type TasksLayer = (warn: (message: string) => void) => Layer.Layer<Tasks, ConfigurationError>

/** Returns the layer that a command runs with. */
export const tasksLayer =
  ({ accounts, configuration, transport, interval, ledger = "none" }: LayerOptions): TasksLayer =>
  (warn) => {
    const min = parseDurationOrSeconds(interval ?? configuration.interval ?? "")
    const layerOf = (
      used: Ledger | false,
      durations?: SqliteLedger
    ): Layer.Layer<Tasks, ConfigurationError> =>
      Tasks.layer({
        providers: accounts,
        pollPolicy: PollPolicy.learned({ min, store: durations?.durations }),
        ledger: used,
        transport
      })
    if (typeof ledger !== "string") return layerOf(ledger, ledger)
    if (ledger === "none" || !configuration.history) return layerOf(false)
    return Layer.unwrap(
      Effect.gen(function* () {
        const recording = yield* Effect.acquireRelease(
          Effect.sync(() => new RecordingLedger(warn)),
          ({ close }) => Effect.promise(close)
        )
        const durations = ledger === "durations" ? yield* Effect.promise(() => recording.open()) : undefined
        return layerOf(recording, durations)
      })
    )
  }

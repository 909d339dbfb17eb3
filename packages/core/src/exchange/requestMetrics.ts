/** How many exchanges there were with each account, by how they went: for any exporter of Effect's metrics. */
import type * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import type { QueryFault } from "./ProviderError.ts"
import { errorReasonOf } from "./ProviderError.ts"

const exchanges = Metric.counter("gentask_exchanges", {
  description: "Questions that were put to vendors, by how they went",
  incremental: true
})

/** Counts the exchanges of one account. */
export const makeRequestMetrics = (provider: string, account: string) => {
  const counters = new Map<string, typeof exchanges>()
  return (exit: Exit.Exit<unknown, QueryFault>, context: Context.Context<never>): void => {
    const outcome = exit._tag === "Success" ? "answered" : (errorReasonOf(exit)?._tag ?? "other")
    const counter = counters.get(outcome) ?? Metric.withAttributes(exchanges, { provider, account, outcome })
    counters.set(outcome, counter)
    counter.updateUnsafe(1, context)
  }
}

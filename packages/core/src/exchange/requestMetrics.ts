import type * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import type { QueryFailure } from "./ProviderError.ts"
import { errorReasonOf } from "./ProviderError.ts"

const queries = Metric.counter("gentask_queries", {
  description: "Number of queries by outcome",
  incremental: true
})

/** Returns a function that counts the queries of one account by outcome, for any exporter of Effect's metrics. */
export const makeRequestMetrics = (provider: string, account: string) => {
  const counters = new Map<string, typeof queries>()
  return (exit: Exit.Exit<unknown, QueryFailure>, context: Context.Context<never>): void => {
    const outcome = exit._tag === "Success" ? "success" : (errorReasonOf(exit)?._tag ?? "other")
    const counter = counters.get(outcome) ?? Metric.withAttributes(queries, { provider, account, outcome })
    counters.set(outcome, counter)
    counter.updateUnsafe(1, context)
  }
}

import type * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import { exchanges } from "../telemetry/metrics.ts"
import { attributeNames as names } from "../telemetry/names.ts"
import type { QueryFailure } from "./ProviderError.ts"
import { errorReasonOf } from "./ProviderError.ts"

/** Returns a function that counts the queries of one account by outcome, for any exporter of Effect's metrics. */
export const makeRequestMetrics = (provider: string, account: string) => {
  const counters = new Map<string, typeof exchanges>()
  return (exit: Exit.Exit<unknown, QueryFailure>, context: Context.Context<never>): void => {
    const outcome = exit._tag === "Success" ? "success" : (errorReasonOf(exit)?._tag ?? "other")
    let counter = counters.get(outcome)
    if (counter === undefined) {
      counter = Metric.withAttributes(exchanges, {
        [names.operation]: "query",
        [names.provider]: provider,
        [names.account]: account,
        [names.outcome]: outcome
      })
      counters.set(outcome, counter)
    }
    counter.updateUnsafe(1, context)
  }
}

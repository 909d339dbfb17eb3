/** Metrics of the HTTP API. */
import { metricNames } from "@gentask/core/internal"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import type { AccountRecord } from "../store/TrackerStore.ts"

const requests = Metric.counter(metricNames.httpRequests, {
  description: "Requests by method and status.",
  incremental: true
})
const duration = Metric.histogram(metricNames.httpDuration, {
  description: "Time until the response started, in seconds.",
  boundaries: Metric.boundariesFromIterable([0.005, 0.02, 0.1, 0.5, 2, 10, 30, 60])
})
const streams = Metric.gauge(metricNames.eventStreams, { description: "Open streams of events." })
const openTasks = Metric.gauge(metricNames.openTasks, { description: "Tasks that have not ended." })
const dueSaves = Metric.gauge(metricNames.dueSaves, { description: "Tasks whose outputs are to be saved." })
const lastEvent = Metric.gauge(metricNames.lastEvent, { description: "The position of the newest event." })
const resident = Metric.gauge(metricNames.residentBytes, { description: "Memory of the process." })

const set = <Input>(metric: Metric.Metric<Input, unknown>, value: Input): void =>
  metric.updateUnsafe(value, Context.empty())

/** Counts a request. */
export const countRequest = (method: string, status: number, seconds: number): void => {
  set(Metric.withAttributes(requests, { method, status: String(status) }), 1)
  set(duration, seconds)
}

/** Records how many streams of events are open. */
export const openStreams = (count: number): void => set(streams, count)

/** Returns all metrics of this process in the text format of Prometheus. */
export const formatMetrics = (
  accounts: ReadonlyArray<AccountRecord>,
  lastSeq: number
): Effect.Effect<string> => {
  for (const account of accounts) {
    const attributes = { account: account.account }
    set(Metric.withAttributes(openTasks, attributes), account.openTasks)
    set(Metric.withAttributes(dueSaves, attributes), account.dueSaves)
  }
  set(lastEvent, lastSeq)
  set(resident, process.memoryUsage.rss())
  return PrometheusMetrics.format()
}

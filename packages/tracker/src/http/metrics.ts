/** Metrics of the HTTP API. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import type { AccountRecord } from "../store/TrackerStore.ts"

const requests = Metric.counter("gentask_http_requests_total", {
  description: "Requests by method and status.",
  incremental: true
})
const duration = Metric.histogram("gentask_http_request_seconds", {
  description: "Time until the response started, in seconds.",
  boundaries: Metric.boundariesFromIterable([0.005, 0.02, 0.1, 0.5, 2, 10, 30, 60])
})
const streams = Metric.gauge("gentask_http_event_streams", { description: "Open streams of events." })
const openTasks = Metric.gauge("gentask_open_tasks", { description: "Tasks that have not ended." })
const dueSaves = Metric.gauge("gentask_due_saves", { description: "Tasks whose outputs are to be saved." })
const lastEvent = Metric.gauge("gentask_last_event_seq", { description: "The position of the newest event." })
const resident = Metric.gauge("gentask_process_resident_bytes", { description: "Memory of the process." })

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

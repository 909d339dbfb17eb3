/** The metrics of core. The attribute `unit` becomes the unit of an exported metric. */
import * as Metric from "effect/Metric"
import { metricNames } from "./names.ts"

/** Queries, submits, uploads and cancels by outcome. */
export const exchanges = Metric.counter(metricNames.exchanges, {
  description: "Number of queries, submits, uploads and cancels by outcome",
  incremental: true,
  attributes: { unit: "{exchange}" }
})

/** Up to an hour: in seconds. */
const boundaries = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600]

/** How long tasks take, from their submit until their end is observed. */
export const durations = Metric.histogram(metricNames.duration, {
  description: "Time from the submit of a task until its end is observed, in seconds",
  boundaries,
  attributes: { unit: "s" }
})

/** How late the ends of tasks are observed. */
export const lags = Metric.histogram(metricNames.lag, {
  description: "Time from the end of a task by the vendor's clock until it is observed, in seconds",
  boundaries,
  attributes: { unit: "s" }
})

/** How many tasks of an account are polled. Set only if there is a tracer. */
export const watched = Metric.gauge(metricNames.watched, {
  description: "Number of tasks that are polled",
  attributes: { unit: "{task}" }
})

/** The bytes of downloaded files. */
export const downloaded = Metric.counter(metricNames.downloaded, {
  description: "Bytes of downloaded files",
  incremental: true,
  attributes: { unit: "By" }
})

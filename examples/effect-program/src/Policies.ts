/** When to poll a task again, and when to retry a query. */
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import { PollPolicy } from "@gentask/core"
import { RetryPolicy } from "@gentask/core/effect"

const growing = PollPolicy.growing({ max: "1 minute" })

/** Delays that grow up to a minute, but at most 1.5 seconds when a task is nearly done. */
export const pollPolicy: PollPolicy.PollPolicy = {
  next: (context) => {
    const delay = growing.next(context)
    return (context.snapshot?.progress ?? 0) >= 0.9 ? Math.min(1500, delay) : delay
  }
}

const retries = Metric.counter("example_retries", { description: "Number of retried queries" })

/** For single queries, such as the query for a new link while saving: more retries than the default, and counted. */
export const retryPolicy: RetryPolicy.RetryPolicy = RetryPolicy.transient({
  baseDelay: "500ms",
  times: 6,
  maxRetryAfter: "2 minutes"
}).pipe(Schedule.tap(() => Metric.update(retries, 1)))

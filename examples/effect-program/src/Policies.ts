/** When to ask again. */
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import { PollPolicy } from "@gentask/core"
import { RetryPolicy } from "@gentask/core/effect"

const usual = PollPolicy.growing({ max: 60_000 })

/** As usual, up to a minute; but a task that is nearly done is asked about every second and a half. */
export const pollPolicy: PollPolicy.PollPolicy = {
  next: (context) => {
    const wait = usual.next(context)
    return (context.snapshot?.progress ?? 0) >= 0.9 ? Math.min(1500, wait) : wait
  }
}

const retries = Metric.counter("example_retries", { description: "Questions that were asked again" })

/** For single questions, such as the one for a living link while saving: more patient than usual, and counted. */
export const retryPolicy: RetryPolicy.RetryPolicy = RetryPolicy.transient({
  baseDelay: "500 millis",
  times: 6,
  maxRetryAfter: "2 minutes"
}).pipe(Schedule.tap(() => Metric.update(retries, 1)))

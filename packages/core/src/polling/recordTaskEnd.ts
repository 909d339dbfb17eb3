/** Records how long tasks took, when polling observes their ends. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { AccountClient } from "../exchange/AccountClient.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import {
  accountAttributes,
  mediaKindOf,
  operationAttributes,
  taskAttributes
} from "../telemetry/attributes.ts"
import { durations, lags, watched } from "../telemetry/metrics.ts"
import { attributeNames as names, spanNames } from "../telemetry/names.ts"
import type { SubmitSpans } from "../telemetry/SubmitSpans.ts"
import { ageAt } from "./observedDuration.ts"
import type { Now } from "./observedDuration.ts"
import type { PolledTask } from "./PolledTask.ts"
import type { Poller } from "./Poller.ts"

/** What recording needs. */
export interface TaskEndOptions {
  /** The registry of the metrics. */
  readonly context: Context.Context<never>
  readonly now: () => Now
  readonly spans: SubmitSpans
  /** Runs an effect in the background. Undefined without a tracer. */
  readonly fork: ((effect: Effect.Effect<void>) => unknown) | undefined
}

/** The attributes of metrics: few values each, so not the task. */
const metricAttributes = (task: PolledTask, { model, outputs, status, failure }: TaskSnapshot) => ({
  ...operationAttributes(outputs[0]?.kind ?? mediaKindOf(task.client.account, model)),
  [names.genAiProvider]: task.client.account.spec.id,
  [names.account]: task.client.account.name,
  [names.taskStatus]: status,
  ...(model === null ? {} : { [names.requestModel]: model }),
  ...(failure === null ? {} : { [names.errorType]: failure.reason })
})

const asText = (attributes: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]))

/**
 * Returns a function that records the end of a task: its duration, the lag, and one span `gentask.task`. A task that had
 * already ended at its first poll is not recorded: the time until that poll is not how long it took.
 */
export const makeRecordTaskEnd =
  ({ context, now, spans, fork }: TaskEndOptions) =>
  (task: PolledTask, end: TaskSnapshot): void => {
    if (task.polls < 2) return
    const at = now()
    const seconds = ageAt(task.time, at, end) / 1000
    const lagMs = end.completedAt === null ? undefined : at.wall - end.completedAt.getTime()
    // The vendor's clock may be ahead.
    const lag = lagMs === undefined || lagMs < 0 ? undefined : lagMs / 1000
    const attributes = metricAttributes(task, end)
    const labels = asText(attributes)
    Metric.withAttributes(durations, labels).updateUnsafe(seconds, context)
    if (lag !== undefined) Metric.withAttributes(lags, labels).updateUnsafe(lag, context)
    fork?.(
      Effect.flatMap(spans.linksOf(end.ref), (links) =>
        Effect.withSpan(Effect.void, spanNames.task, {
          root: true,
          captureStackTrace: false,
          links,
          attributes: {
            ...accountAttributes(task.client.account),
            ...taskAttributes(end.ref, end.id),
            ...attributes,
            [names.taskDuration]: seconds,
            [names.taskPolls]: task.polls,
            ...(lag === undefined ? {} : { [names.taskLag]: lag })
          }
        })
      )
    )
  }

/** How often the number of polled tasks is measured. */
const sampleInterval = "10 seconds"

/** Measures how many tasks are polled. */
export const sampleWatched = (
  poller: Pick<Poller, "counts">,
  context: Context.Context<never>
): Effect.Effect<never> => {
  const gauges = new Map<AccountClient, Metric.Metric<number, unknown>>()
  const sample = Effect.sync(() => {
    const counts = new Map(poller.counts())
    for (const client of counts.keys())
      if (!gauges.has(client)) {
        const { spec, name } = client.account
        gauges.set(
          client,
          Metric.withAttributes(watched, { [names.provider]: spec.id, [names.account]: name })
        )
      }
    for (const [client, gauge] of gauges) gauge.updateUnsafe(counts.get(client) ?? 0, context)
  })
  return Effect.forever(Effect.andThen(sample, Effect.sleep(sampleInterval)))
}

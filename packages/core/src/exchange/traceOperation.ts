/** Spans and metrics of submits, uploads and cancels. Queries have their own: see AccountClient. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"

/** An operation that has spans and is counted. */
export type TracedOperation = "submit" | "upload" | "cancel"

const counters = {
  submit: Metric.counter("gentask_submits", {
    description: "Number of submits by outcome",
    incremental: true
  }),
  upload: Metric.counter("gentask_uploads", {
    description: "Number of uploaded files by outcome",
    incremental: true
  }),
  cancel: Metric.counter("gentask_cancels", {
    description: "Number of canceled tasks by outcome",
    incremental: true
  })
}

/** What a span says about its operation. It must not contain a prompt, a file name or a secret. */
export interface TraceOptions<A, E> {
  /** Further attributes of the span. Undefined ones are left out. */
  readonly attributes: Readonly<Record<string, string | undefined>>
  /** Names the outcome of a success. */
  readonly onSuccess: (value: A) => string
  /** Names the outcome of an error. */
  readonly onError: (error: E) => string
  /** The vendor's id of the task that a success is about. */
  readonly taskOf?: ((value: A) => string) | undefined
}

const outcomeOf = <A, E>(exit: Exit.Exit<A, E>, { onSuccess, onError }: TraceOptions<A, E>): string => {
  if (exit._tag === "Success") return onSuccess(exit.value)
  const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  return failure === undefined ? "other" : onError(failure.error)
}

/** Counts an operation by outcome, and creates a span `gentask.<operation>` if there is a tracer. */
export const traceOperation = <A, E>(
  operation: TracedOperation,
  { spec, name, baseUrl }: ResolvedAccount,
  options: TraceOptions<A, E>,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiber(({ cache, context }) => {
    const count = (outcome: string, metrics: Context.Context<never>): void => {
      const attributes = { provider: spec.id, account: name, outcome }
      Metric.withAttributes(counters[operation], attributes).updateUnsafe(1, metrics)
    }
    // Without a tracer, a span has no effect.
    if (cache.tracer === undefined)
      return Effect.onExit(effect, (exit) => Effect.sync(() => count(outcomeOf(exit, options), context)))
    const annotated = Effect.onExit(effect, (exit) => {
      const outcome = outcomeOf(exit, options)
      count(outcome, context)
      const task = exit._tag === "Success" ? options.taskOf?.(exit.value) : undefined
      return Effect.annotateCurrentSpan({
        "gentask.outcome": outcome,
        ...(task === undefined ? {} : { "gentask.task": task })
      })
    })
    const attributes = Object.entries({
      "gentask.provider": spec.id,
      "gentask.account": name,
      "server.address": baseUrl.hostname,
      ...options.attributes
    }).filter(([, value]) => value !== undefined)
    return Effect.withSpan(annotated, `gentask.${operation}`, {
      kind: "client",
      // The stack would always point to this line.
      captureStackTrace: false,
      attributes: Object.fromEntries(attributes)
    })
  })

/** Spans and metrics of submits, uploads and cancels. Queries have their own: see AccountClient. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { accountAttributes } from "../telemetry/attributes.ts"
import type { Attributes } from "../telemetry/attributes.ts"
import { exchanges } from "../telemetry/metrics.ts"
import { attributeNames as names, spanNames } from "../telemetry/names.ts"

/** An operation that has spans and is counted. */
export type TracedOperation = "submit" | "upload" | "cancel"

/** What a span says about its operation. It must not contain a prompt, a file name or a secret. */
export interface TraceOptions<A, E> {
  /** Returns further attributes of the span. Called only if there is a tracer. */
  readonly attributes: () => Attributes
  /** Names the outcome of a success. */
  readonly onSuccess: (value: A) => string
  /** Names the outcome of an error. */
  readonly onError: (error: E) => string
  /** Returns the attributes of the task that a success is about. */
  readonly taskOf?: ((value: A) => Attributes) | undefined
}

const outcomeOf = <A, E>(exit: Exit.Exit<A, E>, { onSuccess, onError }: TraceOptions<A, E>): string => {
  if (exit._tag === "Success") return onSuccess(exit.value)
  const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  return failure === undefined ? "other" : onError(failure.error)
}

/** Counts an operation by outcome, and creates a span `gentask.<operation>` if there is a tracer. */
export const traceOperation = <A, E>(
  operation: TracedOperation,
  account: ResolvedAccount,
  options: TraceOptions<A, E>,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiber(({ cache, context }) => {
    const count = (outcome: string, metrics: Context.Context<never>): void => {
      const attributes = {
        [names.operation]: operation,
        [names.provider]: account.spec.id,
        [names.account]: account.name,
        [names.outcome]: outcome
      }
      Metric.withAttributes(exchanges, attributes).updateUnsafe(1, metrics)
    }
    // Without a tracer, a span has no effect.
    if (cache.tracer === undefined)
      return Effect.onExit(effect, (exit) => Effect.sync(() => count(outcomeOf(exit, options), context)))
    const annotated = Effect.onExit(effect, (exit) => {
      const outcome = outcomeOf(exit, options)
      count(outcome, context)
      return Effect.annotateCurrentSpan({
        [names.outcome]: outcome,
        ...(exit._tag === "Success" ? options.taskOf?.(exit.value) : { [names.errorType]: outcome })
      })
    })
    return Effect.withSpan(annotated, spanNames[operation], {
      kind: "client",
      // The stack would always point to this line.
      captureStackTrace: false,
      attributes: { ...accountAttributes(account), ...options.attributes() }
    })
  })

/** When a question that went unanswered is asked again. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** What a retry policy decides on: a `ProviderError`, of which it needs to know no more. */
export interface RetryableError {
  readonly isRetryable: boolean
  readonly reason?: { readonly _tag: string; readonly retryAfterMs?: number | undefined }
}

/** A schedule that is stepped with the error of the last attempt. */
export type RetryPolicy = Schedule.Schedule<unknown, RetryableError>

/** Options of `transient`. */
export interface TransientOptions {
  /** The first wait. @default "250 millis" */
  readonly baseDelay?: Duration.Input | undefined
  /** The longest wait of the back-off. @default "10 seconds" */
  readonly maxDelay?: Duration.Input | undefined
  /** How many times a question is asked again. @default 4 */
  readonly times?: number | undefined
  /** A vendor that asks to wait longer than this is not waited for. @default "30 seconds" */
  readonly maxRetryAfter?: Duration.Input | undefined
}

const retryAfter = (error: RetryableError): number => error.reason?.retryAfterMs ?? 0

/**
 * Asks again after transient faults alone: exponential with jitter inside the cap, and never sooner than the
 * vendor asks to wait.
 */
export const transient = (options: TransientOptions = {}): RetryPolicy => {
  const patience = Duration.toMillis(options.maxRetryAfter ?? "30 seconds")
  return Schedule.min([
    Schedule.exponential(options.baseDelay ?? "250 millis").pipe(Schedule.jittered),
    Schedule.spaced(options.maxDelay ?? "10 seconds")
  ]).pipe(
    Schedule.upTo({ times: options.times ?? 4 }),
    Schedule.setInputType<RetryableError>(),
    Schedule.while(({ input }) => input.isRetryable && retryAfter(input) <= patience),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.succeed(Duration.max(duration, Duration.millis(retryAfter(input))))
    )
  )
}

/** Asks once. */
export const none: RetryPolicy = Schedule.recurs(0)

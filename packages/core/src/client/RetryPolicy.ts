import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { DurationInput } from "../task/duration.ts"
import { durationOption } from "../account/durationOption.ts"
import { countOption } from "../account/numberOption.ts"

/** The properties of an error that a retry policy uses. */
export interface RetryableError {
  /** Whether the same call may succeed later without any change. */
  readonly isRetryable: boolean
  /** The delay that the vendor requires, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}

/** A schedule whose input is the error of the last attempt. */
export type RetryPolicy = Schedule.Schedule<unknown, RetryableError>

/** Options of retries. */
export interface RetryOptions {
  /** Maximum number of retries. @default 4 */
  readonly times?: number | undefined
  /** First delay. It doubles with each retry. @default "250ms" */
  readonly baseDelay?: DurationInput | undefined
  /** Maximum delay. @default "10 seconds" */
  readonly maxDelay?: DurationInput | undefined
  /** Maximum `Retry-After`. If the vendor requires a longer delay, the query fails. @default "30 seconds" */
  readonly maxRetryAfter?: DurationInput | undefined
}

/**
 * Retries transient errors with exponential delays and jitter, never earlier than the vendor's `Retry-After`.
 *
 * ```ts
 * Tasks.layer({ providers, retryPolicy: RetryPolicy.transient({ times: 2 }) })
 * ```
 *
 * @throws {ConfigurationError} If an option is invalid.
 */
export const transient = (options: RetryOptions = {}): RetryPolicy => {
  const baseDelay = durationOption("retry.baseDelay", options.baseDelay ?? 250)
  const maxDelay = durationOption("retry.maxDelay", options.maxDelay ?? 10_000)
  const maxRetryAfter = durationOption("retry.maxRetryAfter", options.maxRetryAfter ?? 30_000)
  const times = countOption("retry.times", options.times ?? 4, 0)
  return Schedule.min([
    Schedule.exponential(baseDelay).pipe(Schedule.jittered),
    Schedule.spaced(maxDelay)
  ]).pipe(
    Schedule.upTo({ times }),
    Schedule.setInputType<RetryableError>(),
    Schedule.while(({ input }) => input.isRetryable && (input.retryAfterMs ?? 0) <= maxRetryAfter),
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.succeed(Duration.max(duration, Duration.millis(input.retryAfterMs ?? 0)))
    )
  )
}

/** Never retries. */
export const none: RetryPolicy = Schedule.recurs(0)

import { durationOption, finiteDurationOption } from "../account/durationOption.ts"
import { countOption, numberOption } from "../account/numberOption.ts"
import type { PollHint } from "../provider/ProviderSpec.ts"
import type { DurationInput } from "../task/duration.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { DurationModel } from "./learned/DurationModel.ts"
import { toDurations } from "./learned/Durations.ts"
import { memory } from "./learned/DurationStore.ts"
import type { DurationStore } from "./learned/DurationStore.ts"
import type { ObservedSpan } from "./learned/ObservedSpan.ts"

export type { ObservedSpan } from "./learned/ObservedSpan.ts"

/** What is known about a task when its next poll is scheduled. */
export interface PollContext {
  /**
   * How long the task has been running, in milliseconds: since its creation if the vendor reports it, else since polling
   * started.
   */
  readonly ageMs: number
  /**
   * Identifies similar tasks: those of the same account, host and model. While the model is unknown, the params of the
   * ref take its place. gentask always sets it.
   */
  readonly durationKey?: string | undefined
  /**
   * The estimated age at which the task ends, in milliseconds, if it continues at the pace of its progress. Estimated
   * once, at the first response with a progress of 25 % to 95 %. Undefined before, and if the vendor reports no progress.
   */
  readonly estimatedTotalMs?: number | undefined
  /** How many polls of the task have ended. */
  readonly polls: number
  /** How many polls have failed since the last response. 0 after a response. */
  readonly failures: number
  /** The delay that the policy returned last, in milliseconds. Undefined at the first call for a task. */
  readonly previousDelayMs: number | undefined
  /** The last snapshot. Undefined if no poll has succeeded yet. */
  readonly snapshot: TaskSnapshot | undefined
  /** The bounds that the vendor documents. */
  readonly hint: PollHint | undefined
  /** A random number from 0 to 1, for jitter. */
  readonly random: number
}

/**
 * Schedules the polls of tasks that have not ended. The account's rate limits and `Retry-After` apply in addition, and a
 * delay that the vendor suggests in a response replaces the policy's.
 *
 * ```ts
 * const growing = PollPolicy.growing()
 * const policy: PollPolicy.PollPolicy = {
 *   next: (context) => (context.snapshot?.status === "queued" ? 60_000 : growing.next(context))
 * }
 * ```
 */
export interface PollPolicy {
  /**
   * Returns the delay until the next poll of a task, in milliseconds. If it throws, or the delay is negative or not
   * finite, the delay is 30 seconds.
   */
  readonly next: (context: PollContext) => number
  /** Called when the polling of a running task stops, for policies that learn from past tasks. Errors are ignored. */
  readonly learn?: ((span: ObservedSpan) => void) | undefined
}

/** The bounds of the delays between polls, in milliseconds. */
interface Bounds {
  readonly min: number | undefined
  readonly max: number | undefined
}

const parseBounds = ({ min, max }: Pick<GrowingOptions, "min" | "max">): Bounds => ({
  min: min === undefined ? undefined : finiteDurationOption("min", min),
  max: max === undefined ? undefined : durationOption("max", max)
})

const defaultMinMs = 2000
const defaultMaxMs = 30_000

/** Returns a function that limits a delay to the bounds, else to the vendor's hint, else to the defaults. */
const limitBy = (
  bounds: Bounds,
  hint: PollHint | undefined,
  defaultMax: number
): ((delayMs: number) => number) => {
  const min = bounds.min ?? hint?.minMs ?? defaultMinMs
  const max = Math.max(min, bounds.max ?? hint?.maxMs ?? defaultMax)
  return (delayMs) => Math.min(max, Math.max(min, delayMs))
}

/** A random factor of ±10 %, so that tasks that were created together are not polled together. */
const jitter = (random: number): number => 0.9 + random * 0.2

/**
 * Creates a policy with a constant delay.
 *
 * ```ts
 * createGentask({ providers, pollPolicy: PollPolicy.fixed("10 seconds") })
 * ```
 *
 * @param delay The delay between two polls: text such as `"10 seconds"` or milliseconds.
 * @throws {ConfigurationError} If the delay is not a valid duration.
 */
export const fixed = (delay: DurationInput): PollPolicy => {
  const delayMs = finiteDurationOption("delay", delay)
  return { next: () => delayMs }
}

/** Options of `growing`. */
export interface GrowingOptions {
  /** The minimum delay. @default the vendor's hint, else 2 seconds */
  readonly min?: DurationInput | undefined
  /** The maximum delay. @default the vendor's hint, else 30 seconds */
  readonly max?: DurationInput | undefined
  /** The delay as a fraction of the task's age. @default 0.1 */
  readonly share?: number | undefined
}

/**
 * Creates a policy whose delays grow with the age of the task: 10 % of it by default, ±10 % jitter. Each failed poll in
 * a row doubles the delay. All delays are within the bounds.
 *
 * ```ts
 * createGentask({ providers, pollPolicy: PollPolicy.growing({ min: "1 second", max: "1 minute" }) })
 * ```
 *
 * @throws {ConfigurationError} If an option is invalid.
 */
export const growing = (options: GrowingOptions = {}): PollPolicy => {
  const share = numberOption(
    "share",
    options.share ?? 0.1,
    (value) => value >= 0 && Number.isFinite(value),
    "a number of at least 0"
  )
  const bounds = parseBounds(options)
  return {
    next: ({ ageMs, failures, hint, random }) => {
      const limit = limitBy(bounds, hint, defaultMaxMs)
      // Limiting first makes failures double a delay of at least the minimum.
      return limit(limit(limit(ageMs * share) * 2 ** Math.min(failures, 20)) * jitter(random))
    }
  }
}

/** Options of `learned`. */
export interface LearnedOptions {
  /**
   * The lag that one request is worth. A cost four times as high halves the requests and doubles the lag.
   * @default 500 milliseconds
   */
  readonly requestCost?: DurationInput | undefined
  /** The minimum delay. @default the vendor's hint, else 2 seconds */
  readonly min?: DurationInput | undefined
  /**
   * The maximum delay.
   * @default the vendor's hint, else the task's age, but at least 30 seconds and 60 times `requestCost`
   */
  readonly max?: DurationInput | undefined
  /** Where durations are stored. @default `DurationStore.memory()` */
  readonly store?: DurationStore | undefined
  /** How many similar tasks must have ended before their durations are used. @default 3 */
  readonly minSamples?: number | undefined
  /**
   * The policy that is used while too few durations are known, and after failed polls.
   * @default `growing` with the same bounds and a `share` of 0.1 × sqrt(`requestCost` / 500 ms)
   */
  readonly fallback?: PollPolicy | undefined
}

const defaultRequestCostMs = 500
const defaultMinSamples = 3

/**
 * Creates a policy that polls often at ages at which similar tasks have ended, and rarely at other ages. If the progress
 * of similar tasks has predicted their end better than their age, it uses the progress. Until 3 similar tasks have ended,
 * it works like `growing`. Only the last 64 durations count, so it adapts when a vendor becomes faster or slower.
 *
 * This is the default policy. docs/polling.md derives it and measures it.
 *
 * ```ts
 * createGentask({ providers, pollPolicy: PollPolicy.learned({ requestCost: "1 second" }) })
 * ```
 *
 * @throws {ConfigurationError} If an option is invalid.
 */
export const learned = (options: LearnedOptions = {}): PollPolicy => {
  const requestCostMs = finiteDurationOption("requestCost", options.requestCost ?? defaultRequestCostMs)
  const { store = memory() } = options
  const minSamples = countOption("minSamples", options.minSamples ?? defaultMinSamples, 1)
  const bounds = parseBounds(options)
  const fallback =
    options.fallback ?? growing({ ...bounds, share: 0.1 * Math.sqrt(requestCostMs / defaultRequestCostMs) })
  const model = new DurationModel(store, minSamples)
  return {
    next: (context) => {
      const { ageMs, failures, hint, random } = context
      const delayMs = failures === 0 ? model.delayMs(context, requestCostMs, jitter(random)) : undefined
      if (delayMs === undefined) return fallback.next(context)
      const limit = limitBy(bounds, hint, Math.max(defaultMaxMs, 60 * requestCostMs, ageMs))
      const limited = limit(delayMs)
      // A delay at a bound has lost its jitter.
      return limited === delayMs ? delayMs : limit(limited * jitter(random))
    },
    learn: (span) => {
      const durations = toDurations(span)
      if (durations !== undefined) store.record(span.durationKey, durations)
    }
  }
}

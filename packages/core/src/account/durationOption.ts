import * as Effect from "effect/Effect"
import { parseDuration } from "../task/duration.ts"
import type { DurationInput } from "../task/duration.ts"
import type { ConfigurationError } from "./ConfigurationError.ts"
import { invalidValue } from "./invalidOption.ts"

/** Parses a duration option into milliseconds. Throws a `ConfigurationError` if it is invalid. */
export const durationOption = (name: string, value: DurationInput): number => {
  const duration = parseDuration(value)
  if (duration !== undefined) return duration
  throw invalidValue(name, value, 'milliseconds or text such as "10 minutes" or "10m"')
}

/** Parses a duration option that must be finite. Throws a `ConfigurationError` if it is invalid. */
export const finiteDurationOption = (name: string, value: DurationInput): number => {
  const duration = durationOption(name, value)
  if (Number.isFinite(duration)) return duration
  throw invalidValue(name, value, "a finite duration")
}

/** Parses the option `timeout` into milliseconds. */
export const timeoutMs = (timeout: DurationInput): Effect.Effect<number, ConfigurationError> =>
  Effect.try({
    try: () => durationOption("timeout", timeout),
    catch: (error) => error as ConfigurationError
  })

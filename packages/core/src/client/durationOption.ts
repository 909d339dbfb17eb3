import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import { parseDuration } from "../task/duration.ts"
import type { DurationInput } from "../task/duration.ts"
import { invalidOption } from "./invalidOption.ts"

/** Parses a duration option into milliseconds. */
export const durationOption = (name: string, value: DurationInput): number => {
  const duration = parseDuration(value)
  if (duration !== undefined) return duration
  throw invalidOption(
    name,
    `Invalid ${name}: ${typeof value === "string" ? JSON.stringify(value) : String(value)}. Use milliseconds or text such as "10 minutes" or "10m".`
  )
}

/** Parses the option `timeout` into milliseconds. */
export const timeoutMs = (timeout: DurationInput): Effect.Effect<number, ConfigurationError> =>
  Effect.try({
    try: () => durationOption("timeout", timeout),
    catch: (error) => error as ConfigurationError
  })

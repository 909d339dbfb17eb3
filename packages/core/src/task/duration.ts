/** Durations as users write them. */

/** A duration: milliseconds, or text such as `"10 minutes"`, `"10m"`, `"1h 30m"` or `"500ms"`. */
export type DurationInput = number | string

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000
}

const unitNames: Readonly<Record<string, string>> = {
  milli: "ms",
  millis: "ms",
  millisecond: "ms",
  milliseconds: "ms",
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  min: "m",
  mins: "m",
  minute: "m",
  minutes: "m",
  hour: "h",
  hours: "h",
  hr: "h",
  hrs: "h",
  day: "d",
  days: "d",
  week: "w",
  weeks: "w"
}

const whole = /^(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+$/
const part = /(\d+(?:\.\d+)?)\s*([a-z]+)/g

/**
 * Parses a duration.
 *
 * ```ts
 * parseDuration("1h 30m") // 5400000
 * parseDuration("soon") // undefined
 * ```
 *
 * @param input Milliseconds, or text with a unit: `ms`, `s`, `m`, `h`, `d`, `w` or their English names.
 * @returns The duration in milliseconds, or undefined if the input is not a valid duration.
 */
export const parseDuration = (input: DurationInput): number | undefined => {
  if (typeof input === "number") return Number.isNaN(input) || input < 0 ? undefined : input
  if (typeof input !== "string") return undefined
  const text = input.trim().toLowerCase()
  if (!whole.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ""] of text.matchAll(part)) {
    const factor = units[unitNames[unit] ?? unit]
    if (factor === undefined) return undefined
    total += Number(amount) * factor
  }
  return total
}

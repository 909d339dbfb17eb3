import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseDuration } from "../../src/task/duration.ts"

const unitsMs = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000
}
const unit = fc.constantFrom(...(Object.keys(unitsMs) as Array<keyof typeof unitsMs>))

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["1 milli", 1],
    ["2 millis", 2],
    ["1 millisecond", 1],
    ["2 milliseconds", 2],
    ["30s", 30_000],
    ["1 sec", 1000],
    ["2 secs", 2000],
    ["1 second", 1000],
    ["30 seconds", 30_000],
    ["10m", 600_000],
    ["1 min", 60_000],
    ["2 mins", 120_000],
    ["1 minute", 60_000],
    ["10 minutes", 600_000],
    ["2h", 7_200_000],
    ["1 hr", 3_600_000],
    ["2 hrs", 7_200_000],
    ["1 hour", 3_600_000],
    ["2 hours", 7_200_000],
    ["1d", 86_400_000],
    ["1 day", 86_400_000],
    ["2 days", 172_800_000],
    ["1w", 604_800_000],
    ["1 week", 604_800_000],
    ["2 weeks", 1_209_600_000],
    ["1h 30m", 5_400_000],
    ["1h30m", 5_400_000],
    ["1 hour 30 minutes 5 seconds", 5_405_000],
    ["1.5h", 5_400_000],
    ["0.5 seconds", 500],
    ["0s", 0],
    ["  10 Minutes ", 600_000],
    ["10M", 600_000]
  ])("parses %j as %i milliseconds", (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  it.each([0, 1, 1.5, 600_000, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
    "returns %d as it is",
    (number) => {
      expect(parseDuration(number)).toBe(number)
    }
  )

  it.each([
    "",
    " ",
    "soon",
    "10",
    "1e3",
    "m",
    "10 m 5",
    "10 parsecs",
    "1h 30",
    "1h and 5m",
    "m10",
    "-1s",
    "+1s",
    "1,5h",
    ".5h",
    "5.h",
    "1h, 30m",
    "1:30",
    "Infinity",
    "10 constructor"
  ])("rejects the text %j", (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it.each([-1, Number.NaN, Number.NEGATIVE_INFINITY])("rejects the number %d", (number) => {
    expect(parseDuration(number)).toBeUndefined()
  })

  it.each([undefined, null, true, {}, [1000], 10n])("rejects %s, which JavaScript may pass", (value) => {
    expect(parseDuration(value as never)).toBeUndefined()
  })

  it("rejects a long invalid text without backtracking", () => {
    expect(parseDuration(`${"1s ".repeat(50_000)}!`)).toBeUndefined()
  })

  it("returns the formatted number times its unit", () => {
    fc.assert(
      fc.property(fc.nat(), unit, fc.constantFrom("", " "), (amount, unit, space) => {
        expect(parseDuration(`${amount}${space}${unit}`)).toBe(amount * unitsMs[unit])
      })
    )
  })

  it("returns the sum of the parts", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1000), unit), { minLength: 1 }), (parts) => {
        const text = parts.map(([amount, unit]) => `${amount}${unit}`).join(" ")
        expect(parseDuration(text)).toBe(
          parts.reduce((total, [amount, unit]) => total + amount * unitsMs[unit], 0)
        )
      })
    )
  })

  it("never throws, and returns a duration or undefined for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const parsed = parseDuration(text)
        expect(parsed === undefined || parsed >= 0).toBe(true)
      })
    )
  })
})

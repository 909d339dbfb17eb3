import { expect, it } from "vitest"
import { parseDuration } from "../../src/task/duration.ts"

it.each([
  [0, 0],
  [1500, 1500],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["500ms", 500],
  ["10 minutes", 600_000],
  ["10m", 600_000],
  ["1.5 hours", 5_400_000],
  ["1h 30m", 5_400_000],
  ["1h30m", 5_400_000],
  ["250 millis", 250],
  [" 2 DAYS ", 172_800_000],
  ["1 week", 604_800_000]
])("parses %j as %d ms", (input, milliseconds) => {
  expect(parseDuration(input)).toBe(milliseconds)
})

it.each([Number.NaN, -1, "", "10", "soon", "10 lightyears", "m10", "-5m", "1h and 5m"])(
  "rejects %j",
  (input) => {
    expect(parseDuration(input)).toBeUndefined()
  }
)

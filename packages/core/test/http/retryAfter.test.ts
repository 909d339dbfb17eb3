import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as retryAfter from "../../src/http/retryAfter.ts"

const now = Date.parse("2026-01-01T00:00:00Z")
const day = 86_400_000

describe("retryAfter.fromHeaders", () => {
  it.each([
    ["7", 7000],
    [" 0.5 ", 500],
    ["0", 0],
    ["007", 7000],
    ["999999", day],
    ["9".repeat(400), day],
    ["4s", 4000],
    ["4 s", 4000],
    ["4 sec", 4000],
    ["4 seconds", 4000],
    ["1 second", 1000],
    ["500ms", 500],
    ["500 Milliseconds", 500],
    ["2 minutes", 120_000],
    ["1m30s", 90_000]
  ])("reads the duration %j as %s ms", (value, wait) => {
    expect(retryAfter.fromHeaders({ "retry-after": value }, now)).toBe(wait)
  })

  it.each([
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Thursday, 01-Jan-26 00:00:30 GMT", 30_000],
    ["Thu Jan  1 00:00:30 2026", 30_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["Fri, 01 Jan 2100 00:00:00 GMT", day],
    ["1767225630", 30_000],
    ["1767225630500", 30_500],
    ["1000000000", 0]
  ])("reads the date %j as %s ms", (value, wait) => {
    expect(retryAfter.fromHeaders({ "retry-after": value }, now)).toBe(wait)
  })

  it.each([
    // The server's clock is an hour ahead.
    ["Thu, 01 Jan 2026 01:00:00 GMT", "Thu, 01 Jan 2026 01:00:02 GMT", 2000],
    // The server's clock is an hour behind.
    ["Wed, 31 Dec 2025 23:00:00 GMT", "Wed, 31 Dec 2025 23:00:03 GMT", 3000],
    ["Wednesday, 31-Dec-25 23:00:00 GMT", "Wed Dec 31 23:00:03 2025", 3000],
    ["Wed, 31 Dec 2025 23:00:00 GMT, Wed, 31 Dec 2025 23:00:00 GMT", "Wed, 31 Dec 2025 23:00:03 GMT", 3000],
    ["today", "Thu, 01 Jan 2026 00:00:30 GMT", 30_000]
  ])("with the date %j reads %j as %s ms", (date, value, wait) => {
    expect(retryAfter.fromHeaders({ date, "retry-after": value }, now)).toBe(wait)
  })

  it.each([
    ["4, 4", 4000],
    ["4,5", 5000],
    ["5, 4", 5000],
    ["4, soon", 4000],
    ["4s, 500ms", 4000],
    ["Thu, 01 Jan 2026 00:00:30 GMT, Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Thu, 01 Jan 2026 00:00:30 GMT, 40", 40_000],
    ["40, Thursday, 01-Jan-26 00:00:30 GMT", 40_000],
    ["Thu Jan  1 00:00:30 2026, 20", 30_000]
  ])("uses the longest of the repeated values %j: %s ms", (value, wait) => {
    expect(retryAfter.fromHeaders({ "retry-after": value }, now)).toBe(wait)
  })

  it.each([
    "",
    " ",
    ",",
    "soon",
    "+2",
    "-1",
    "-1s",
    "1e3",
    "0x10",
    ".5",
    "4.",
    "4;",
    "4 4",
    "NaN",
    "Infinity",
    "null",
    "4 parsecs",
    "٤",
    "2026-01-01T00:00:30Z",
    "01 Jan 2026 00:00:30 GMT",
    "Thu, 01 Jan 2026 00:00:30 PST",
    "Thu, 32 Jan 2026 00:00:30 GMT",
    "Tue, 31 Feb 2026 00:00:30 GMT",
    "Thu, 01 Jan 2026 24:00:30 GMT"
  ])("ignores %j", (value) => {
    expect(retryAfter.fromHeaders({ "retry-after": value }, now)).toBeUndefined()
  })

  it.each([
    [{ "retry-after-ms": "250", "retry-after": "7" }, 250],
    [{ "retry-after-ms": "250, 300", "retry-after": "7" }, 300],
    [{ "retry-after-ms": "soon", "retry-after": "7" }, 7000],
    [{ "retry-after-ms": "9".repeat(400) }, day],
    [{}, undefined]
  ])("reads %j as %s ms", (headers: Record<string, string>, wait) => {
    expect(retryAfter.fromHeaders(headers, now)).toBe(wait)
  })

  it("returns undefined or a wait of at most one day for any text", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "Thu, ",
        "01 Jan 2026",
        " 00:00:30 GMT",
        ",",
        "-",
        "+",
        "4",
        "9e9",
        "s",
        "ms",
        " ",
        "Thu,"
      )
    )
    const text = fc.array(part).map((parts) => parts.join(""))
    fc.assert(
      fc.property(text, text, text, (value, ms, date) => {
        const headers = { "retry-after": value, "retry-after-ms": ms, date }
        const wait = retryAfter.fromHeaders(headers, now)
        expect(wait === undefined || (wait >= 0 && wait <= day)).toBe(true)
      })
    )
  })

  it("returns the time until any date that the server formats", () => {
    const second = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000)
    fc.assert(
      fc.property(second, fc.integer({ min: 0, max: 80_000 }), (sentAt, seconds) => {
        const headers = {
          date: new Date(sentAt).toUTCString(),
          "retry-after": new Date(sentAt + seconds * 1000).toUTCString()
        }
        expect(retryAfter.fromHeaders(headers, now)).toBe(seconds * 1000)
      })
    )
  })

  it("does not backtrack for long invalid texts", () => {
    for (const text of [
      "1".repeat(50_000),
      "Thu, ".repeat(10_000),
      "1s ".repeat(20_000),
      "sun".repeat(15_000)
    ]) {
      expect(retryAfter.fromHeaders({ "retry-after": `${text}!`, date: text }, now)).toBeUndefined()
    }
  })
})

it.each([
  [0, 0],
  [1500, 1500],
  [2 * day, day],
  [-1, undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  ["1", undefined],
  [undefined, undefined]
])("bounded limits %s to %s", (wait, bounded) => {
  expect(retryAfter.bounded(wait)).toBe(bounded)
})

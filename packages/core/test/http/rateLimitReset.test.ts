import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { rateLimitReset } from "../../src/http/rateLimitReset.ts"

const now = Date.parse("2026-01-01T00:00:00Z")
const seconds = now / 1000
const day = 86_400_000

describe("rateLimitReset", () => {
  it.each<[Record<string, string>, number]>([
    [{ ratelimit: '"default";r=0;t=12' }, 12_000],
    [{ ratelimit: "default;r=0;t=12" }, 12_000],
    [{ ratelimit: ' "default" ; r=0 ; t=12 ; pk=:YQ==:' }, 12_000],
    [{ ratelimit: '"a, b;c";r=0;t=12' }, 12_000],
    [{ ratelimit: '"burst";r=0;t=5, "daily";r=0;t=60, "hourly";r=3;t=600' }, 60_000],
    // Without a reset, the limit is reset after its window at the latest.
    [{ ratelimit: '"default";r=0', "ratelimit-policy": '"other";q=1;w=9, "default";q=100;w=60' }, 60_000],
    [{ ratelimit: '"default";r=0;t=12', "ratelimit-policy": '"default";q=100;w=60' }, 12_000]
  ])("reads the structured header %j as %s ms", (headers, wait) => {
    expect(rateLimitReset(headers, now)).toBe(wait)
  })

  it.each<[Record<string, string>, number]>([
    [{ ratelimit: "limit=10, remaining=0, reset=12" }, 12_000],
    [{ ratelimit: "limit=10;w=60,remaining=0,reset=12" }, 12_000],
    [{ ratelimit: "limit=10, remaining=0, reset=12, limit=100, remaining=90, reset=600" }, 12_000]
  ])("reads the header of the earlier drafts %j as %s ms", (headers, wait) => {
    expect(rateLimitReset(headers, now)).toBe(wait)
  })

  it.each(["ratelimit-", "x-ratelimit-", "x-rate-limit-"])("reads %sremaining and %sreset", (prefix) => {
    expect(rateLimitReset({ [`${prefix}remaining`]: "0", [`${prefix}reset`]: "12" }, now)).toBe(12_000)
    expect(rateLimitReset({ [`${prefix}remaining`]: "1", [`${prefix}reset`]: "12" }, now)).toBeUndefined()
    expect(rateLimitReset({ [`${prefix}remaining`]: "0" }, now)).toBeUndefined()
    expect(rateLimitReset({ [`${prefix}reset`]: "12" }, now)).toBeUndefined()
  })

  it.each([
    ["1.5", 1500],
    [String(seconds + 30), 30_000],
    [String(seconds + 0.25), 250],
    [String(now + 1500), 1500],
    [String(now + 10 * day), day],
    ["1s", 1000],
    ["6m0s", 360_000],
    ["250ms", 250],
    ["1h0m0s", 3_600_000],
    ["9".repeat(9), day]
  ])("reads the reset %j as %s ms", (reset, wait) => {
    expect(rateLimitReset({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }, now)).toBe(wait)
  })

  it("reads the limit of requests that OpenAI reports beside that of tokens", () => {
    const headers = {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "6m0s"
    }
    expect(rateLimitReset(headers, now)).toBe(1000)
  })

  it("compares instants with the server's clock", () => {
    const headers = {
      date: "Thu, 01 Jan 2026 01:00:00 GMT",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(seconds + 3602)
    }
    expect(rateLimitReset(headers, now)).toBe(2000)
  })

  it.each([
    ["0, 5", "3, 60", 3000],
    ["5, 0", "3, 60", 60_000],
    ["0, 0", "3, 60", 60_000],
    ["5, 0", "3", 3000],
    ["5, 6", "3, 60", undefined]
  ])("pairs the repeated values %j and %j: %s ms", (remaining, reset, wait) => {
    expect(rateLimitReset({ "ratelimit-remaining": remaining, "ratelimit-reset": reset }, now)).toBe(wait)
  })

  it("uses the longest wait of all headers", () => {
    const headers = {
      ratelimit: '"default";r=0;t=12',
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "20"
    }
    expect(rateLimitReset(headers, now)).toBe(20_000)
  })

  it.each<[Record<string, string>]>([
    [{}],
    [{ ratelimit: "" }],
    [{ ratelimit: '"default"' }],
    [{ ratelimit: '"default";r=0' }],
    [{ ratelimit: '"default";r=0;t=soon' }],
    [{ ratelimit: '"default";r=0;t=-1' }],
    [{ ratelimit: '"default";r=-1;t=12' }],
    [{ ratelimit: '"default";r=1;t=12' }],
    [{ ratelimit: '"default";r=00x;t=12' }],
    [{ ratelimit: '"unclosed;r=0;t=12' }],
    [{ ratelimit: "limit=10, remaining=0" }],
    [{ ratelimit: "limit=10, remaining=0, reset=never" }],
    [{ "x-ratelimit-remaining": "", "x-ratelimit-reset": "12" }],
    [{ "x-ratelimit-remaining": "none", "x-ratelimit-reset": "12" }],
    [{ "x-ratelimit-remaining": "-1", "x-ratelimit-reset": "12" }],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "" }],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "0" }],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "-5" }],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(seconds - 5) }],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "NaN" }]
  ])("ignores %j", (headers) => {
    expect(rateLimitReset(headers, now)).toBeUndefined()
  })

  it("returns undefined or a positive time of at most one day for any text", () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        '"a"',
        ";r=0",
        ";t=",
        "12",
        ",",
        "remaining=0",
        "reset=",
        "-",
        "1e9",
        "0",
        '"',
        "s",
        " "
      )
    )
    const text = fc.array(part).map((parts) => parts.join(""))
    fc.assert(
      fc.property(text, text, text, (ratelimit, remaining, reset) => {
        const headers = {
          ratelimit,
          "ratelimit-policy": reset,
          "x-ratelimit-remaining": remaining,
          "x-ratelimit-reset": reset,
          "ratelimit-remaining": "0",
          "ratelimit-reset": reset
        }
        const wait = rateLimitReset(headers, now)
        expect(wait === undefined || (wait > 0 && wait <= day)).toBe(true)
      })
    )
  })

  it("does not backtrack for long invalid texts", () => {
    for (const part of ['"', '"a";r=1', ";r=0", "remaining=0,", "a ", " "]) {
      const header = part.repeat(10_000)
      expect(rateLimitReset({ ratelimit: header, "ratelimit-policy": header }, now)).toBeUndefined()
    }
  })
})

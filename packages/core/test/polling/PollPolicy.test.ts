import { describe, expect, it } from "vitest"
import { ConfigurationError, PollPolicy } from "@gentask/core"

const context = {
  ageMs: 0,
  polls: 1,
  failures: 0,
  previousDelayMs: undefined,
  snapshot: undefined,
  hint: undefined,
  random: 0.5
}

describe("PollPolicy.fixed", () => {
  it("always returns the same delay", () => {
    expect(PollPolicy.fixed(1500).next({ ...context, ageMs: 9e9, failures: 3 })).toBe(1500)
    expect(PollPolicy.fixed("10 seconds").next(context)).toBe(10_000)
    expect(PollPolicy.fixed("1m 30s").next(context)).toBe(90_000)
  })
})

describe("PollPolicy.growing", () => {
  it("returns a tenth of the task's age, between 2 and 30 seconds", () => {
    const policy = PollPolicy.growing()
    const ages = [0, 10_000, 60_000, 200_000, 3_600_000]
    expect(ages.map((ageMs) => policy.next({ ...context, ageMs }))).toEqual([
      2000, 2000, 6000, 20_000, 30_000
    ])
  })

  it("adds 10 % jitter within its bounds", () => {
    const policy = PollPolicy.growing()
    const range = (ageMs: number) => [0, 1].map((random) => policy.next({ ...context, ageMs, random }))
    expect(range(100_000)).toEqual([9000, 11_000])
    expect(range(0)).toEqual([2000, 2200])
    expect(range(9e9)).toEqual([27_000, 30_000])
  })

  it("doubles the delay with each failed poll in a row, up to its maximum", () => {
    const policy = PollPolicy.growing()
    const delays = [0, 1, 2, 3, 4, 100].map((failures) =>
      policy.next({ ...context, ageMs: 30_000, failures })
    )
    expect(delays).toEqual([3000, 6000, 12_000, 24_000, 30_000, 30_000])
  })

  it("prefers the caller's bounds to the vendor's hint, and the hint to its own bounds", () => {
    const hint = { minMs: 5000, maxMs: 6000 }
    expect(PollPolicy.growing().next({ ...context, hint })).toBe(5000)
    expect(PollPolicy.growing().next({ ...context, ageMs: 9e9, hint })).toBe(6000)
    expect(PollPolicy.growing({ min: 100, max: 200 }).next({ ...context, ageMs: 9e9, hint })).toBe(200)
  })

  it("accepts bounds as text, and an infinite maximum", () => {
    const policy = PollPolicy.growing({ min: "1 second", max: "1h" })
    expect([0, 9e9].map((ageMs) => policy.next({ ...context, ageMs }))).toEqual([1000, 3_600_000])
    const unlimited = PollPolicy.growing({ max: Number.POSITIVE_INFINITY })
    expect(unlimited.next({ ...context, ageMs: 9e9 })).toBe(9e8)
  })
})

const expectedDuration = 'Use milliseconds or text such as "10 minutes" or "10m".'

describe("the options of poll policies", () => {
  it.each([
    [() => PollPolicy.fixed("soon"), `Invalid delay: "soon". ${expectedDuration}`],
    [() => PollPolicy.fixed(-1), `Invalid delay: -1. ${expectedDuration}`],
    [() => PollPolicy.fixed(Number.NaN), `Invalid delay: NaN. ${expectedDuration}`],
    [() => PollPolicy.fixed(Infinity), "Invalid delay: Infinity. Use a finite duration."],
    [() => PollPolicy.growing({ min: "10" }), `Invalid min: "10". ${expectedDuration}`],
    [() => PollPolicy.growing({ max: "ten seconds" }), `Invalid max: "ten seconds". ${expectedDuration}`],
    [() => PollPolicy.learned({ min: Infinity }), "Invalid min: Infinity. Use a finite duration."],
    [() => PollPolicy.learned({ max: -5 }), `Invalid max: -5. ${expectedDuration}`],
    [() => PollPolicy.learned({ requestCost: "cheap" }), `Invalid requestCost: "cheap". ${expectedDuration}`],
    [() => PollPolicy.growing({ share: -1 }), "Invalid share: -1. Use a number of at least 0."],
    [() => PollPolicy.growing({ share: Number.NaN }), "Invalid share: NaN. Use a number of at least 0."],
    [() => PollPolicy.learned({ minSamples: 0 }), "Invalid minSamples: 0. Use an integer of at least 1."]
  ])("reject invalid values when the policy is created: %s", (create, message) => {
    expect(create).toThrow(ConfigurationError)
    expect(create).toThrow(message)
  })
})

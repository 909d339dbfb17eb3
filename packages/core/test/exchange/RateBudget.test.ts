import { describe, expect, it } from "vitest"
import { RateBudget } from "../../src/exchange/RateBudget.ts"

/** Starts each request as soon as the budget allows it, and returns the start times. */
const startTimes = (budget: RateBudget, count: number, roundTripMs: number): Array<number> => {
  const times: Array<number> = []
  let now = 0
  for (let index = 0; index < count; index += 1) {
    now = Math.max(now, budget.nextAt(now))
    times.push(now)
    budget.settle(budget.spend(now), now + roundTripMs)
  }
  return times
}

describe("the rate limits of a RateBudget", () => {
  it("allow the requests of a window at once, and the next one a window after the first response", () => {
    const budget = new RateBudget([{ requests: 2, windowMs: 1000 }])
    expect(startTimes(budget, 5, 50)).toEqual([0, 0, 1050, 1050, 2100])
  })

  it("all apply", () => {
    const budget = new RateBudget([
      { requests: 2, windowMs: 1000 },
      { requests: 3, windowMs: 60_000 }
    ])
    expect(startTimes(budget, 5, 0)).toEqual([0, 0, 1000, 60_000, 60_000])
  })

  it("are not exceeded if the vendor counts requests between their start and their response", () => {
    const budget = new RateBudget([{ requests: 2, windowMs: 1000 }])
    const roundTripMs = 300
    const countedAt = startTimes(budget, 40, roundTripMs)
      .map((at, index) => at + (index % 2 === 0 ? roundTripMs : 0))
      .toSorted((a, b) => a - b)
    const max = Math.max(
      ...countedAt.map((at) => countedAt.filter((other) => other >= at && other < at + 1000).length)
    )
    expect(max).toBe(2)
  })

  it("count a request without a response for ten seconds and a window", () => {
    const budget = new RateBudget([{ requests: 1, windowMs: 1000 }])
    budget.spend(0)
    expect(budget.nextAt(500)).toBe(1500)
    expect(budget.nextAt(60_000)).toBe(11_000)
  })

  it("remove requests from a window in the order of their starts", () => {
    expect(startTimes(new RateBudget([{ requests: 3, windowMs: 1000 }]), 8, 10)).toEqual([
      0, 0, 0, 1010, 1010, 1010, 2020, 2020
    ])
    const budget = new RateBudget([{ requests: 3, windowMs: 1000 }])
    for (const at of [0, 100, 200]) budget.settle(budget.spend(at), at)
    expect(budget.nextAt(300)).toBe(1000)
    budget.settle(budget.spend(1000), 1000)
    expect(budget.nextAt(1000)).toBe(1100)
  })
})

describe("a RateBudget after a 429", () => {
  it("pauses the account for the delay that the vendor requires, and then spaces its requests", () => {
    const budget = new RateBudget([])
    budget.spend(0)
    budget.slowDown(10, 5000)
    expect(budget.nextAt(20)).toBe(5010)
    budget.spend(5010)
    expect(budget.nextAt(5010)).toBe(5110)
  })

  it("counts several 429 responses during a pause as one", () => {
    const once = new RateBudget([])
    once.slowDown(0, undefined)
    const often = new RateBudget([])
    for (let index = 0; index < 20; index += 1) often.slowDown(index, undefined)
    expect(once.nextAt(0)).toBe(1000)
    expect(often.nextAt(19)).toBe(1019)
  })

  it("doubles its pauses without Retry-After, up to a minute, and resets them after successful responses", () => {
    const budget = new RateBudget([])
    let now = 0
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map(() => {
      budget.slowDown(now, undefined)
      const pause = budget.nextAt(now) - now
      now += pause
      return pause
    })
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    for (let index = 0; index < 100; index += 1) budget.recover()
    budget.spend(now)
    expect(budget.nextAt(now)).toBe(now)
  })

  it("shrinks the spacing by a tenth with each successful response, until it is removed", () => {
    /** Starts each request as soon as the budget allows it, and returns the delays between them. */
    const delays = (budget: RateBudget, count: number, from: number): Array<number> => {
      let now = from
      return Array.from({ length: count }, () => {
        const at = Math.max(now, budget.nextAt(now))
        const delay = at - now
        now = at
        budget.settle(budget.spend(now), now)
        budget.recover()
        return delay
      })
    }
    const budget = new RateBudget([])
    budget.slowDown(0, 1000)
    expect(delays(budget, 3, 0).map((delay) => Math.round(delay))).toEqual([1000, 90, 81])
    expect(delays(budget, 40, 2000).at(-1)).toBe(0)
  })

  it("doubles the spacing with each further 429, up to ten seconds", () => {
    const budget = new RateBudget([])
    let now = 0
    for (let count = 0; count < 9; count += 1) {
      budget.slowDown(now, 10)
      now += 10
      budget.spend(now)
      const spacing = budget.nextAt(now) - now
      expect(spacing).toBe(Math.min(10_000, 100 * 2 ** count))
      now += spacing
    }
  })
})

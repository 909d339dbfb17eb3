import { describe, expect, it } from "vitest"
import { PollPolicy } from "@gentask/core"
import { RateBudget } from "../../src/exchange/RateBudget.ts"

const context = {
  polls: 1,
  failures: 0,
  previous: undefined,
  snapshot: undefined,
  hint: undefined,
  random: 0.5
}

describe("the growing poll policy", () => {
  it("waits a tenth of the task's age, between 2 and 30 seconds", () => {
    const policy = PollPolicy.growing()
    expect([0, 10_000, 60_000, 200_000, 3_600_000].map((age) => policy.next({ ...context, age }))).toEqual([
      2000, 2000, 6000, 20_000, 30_000
    ])
  })

  it("spreads the waits by a tenth, and stays within its bounds", () => {
    const policy = PollPolicy.growing()
    expect([0, 1].map((random) => policy.next({ ...context, age: 100_000, random }))).toEqual([9000, 11_000])
    expect([0, 1].map((random) => policy.next({ ...context, age: 0, random }))).toEqual([2000, 2200])
    expect([0, 1].map((random) => policy.next({ ...context, age: 9e9, random }))).toEqual([27_000, 30_000])
  })

  it("doubles the wait with each poll in a row that went unanswered, and never shortens it", () => {
    const policy = PollPolicy.growing()
    const waits = [0, 1, 2, 3, 4, 100].map((failures) =>
      policy.next({ ...context, age: 30_000, failures: failures })
    )
    expect(waits).toEqual([3000, 6000, 12_000, 24_000, 30_000, 30_000])
  })

  it("keeps to the vendor's hint, and to the caller before that", () => {
    const hint = { minMs: 5000, maxMs: 6000 }
    expect(PollPolicy.growing().next({ ...context, age: 0, hint })).toBe(5000)
    expect(PollPolicy.growing().next({ ...context, age: 9e9, hint })).toBe(6000)
    expect(PollPolicy.growing({ min: 100, max: 200 }).next({ ...context, age: 9e9, hint })).toBe(200)
  })
})

/** Spends as fast as the budget allows; answers when each request started. */
const starts = (budget: RateBudget, count: number, roundTrip: number): Array<number> => {
  const times: Array<number> = []
  let now = 0
  for (let index = 0; index < count; index += 1) {
    now = Math.max(now, budget.nextAt(now))
    times.push(now)
    const spent = budget.spend(now)
    budget.settle(spent, now + roundTrip)
  }
  return times
}

describe("a rate budget", () => {
  it("lets a window's requests go at once and the next one a window after the first answer", () => {
    const budget = new RateBudget([{ requests: 2, windowMs: 1000 }])
    expect(starts(budget, 5, 50)).toEqual([0, 0, 1050, 1050, 2100])
  })

  it("keeps every one of its windows", () => {
    const budget = new RateBudget([
      { requests: 2, windowMs: 1000 },
      { requests: 3, windowMs: 60_000 }
    ])
    expect(starts(budget, 5, 0)).toEqual([0, 0, 1000, 60_000, 60_000])
  })

  it("is not exceeded however late the vendor counts a request", () => {
    const budget = new RateBudget([{ requests: 2, windowMs: 1000 }])
    const roundTrip = 300
    const counted = starts(budget, 40, roundTrip)
      .map((at, index) => at + (index % 2 === 0 ? roundTrip : 0))
      .toSorted((a, b) => a - b)
    const worst = Math.max(
      ...counted.map((at) => counted.filter((other) => other >= at && other < at + 1000).length)
    )
    expect(worst).toBe(2)
  })

  it("holds a request that hangs for ten seconds, not for ever", () => {
    const budget = new RateBudget([{ requests: 1, windowMs: 1000 }])
    budget.spend(0)
    expect(budget.nextAt(500)).toBe(1500)
    expect(budget.nextAt(60_000)).toBe(11_000)
  })

  it("pauses the whole account for as long as a 429 asks, and goes on more slowly", () => {
    const budget = new RateBudget([])
    budget.spend(0)
    budget.slowDown(10, 5000)
    expect(budget.nextAt(20)).toBe(5010)
    budget.spend(5010)
    expect(budget.nextAt(5010)).toBe(5110)
  })

  it("takes many 429 of one burst for one lesson", () => {
    const once = new RateBudget([])
    once.slowDown(0, undefined)
    const often = new RateBudget([])
    for (let index = 0; index < 20; index += 1) often.slowDown(index, undefined)
    expect(once.nextAt(0)).toBe(1000)
    expect(often.nextAt(19)).toBe(1019)
  })

  it("backs off from 429 without a wait, further each time, and forgets after good answers", () => {
    const budget = new RateBudget([])
    let now = 0
    const pauses = [1, 2, 3].map(() => {
      budget.slowDown(now, undefined)
      const pause = budget.nextAt(now) - now
      now += pause
      return pause
    })
    expect(pauses).toEqual([1000, 2000, 4000])
    for (let index = 0; index < 60; index += 1) budget.recover()
    budget.spend(now)
    expect(budget.nextAt(now)).toBe(now)
  })
})

describe("the spacing that a 429 brings", () => {
  /** The waits between requests that start as soon as they may, each answered well. */
  const waits = (budget: RateBudget, count: number, from: number): Array<number> => {
    let now = from
    return Array.from({ length: count }, () => {
      const at = Math.max(now, budget.nextAt(now))
      const wait = at - now
      now = at
      budget.settle(budget.spend(now), now)
      budget.recover()
      return wait
    })
  }

  it("shrinks by a tenth with each good answer, and goes", () => {
    const budget = new RateBudget([])
    budget.slowDown(0, 1000)
    const [first, second, third] = waits(budget, 3, 0)
    expect([first, second, third].map((wait) => Math.round(wait ?? 0))).toEqual([1000, 90, 81])
    expect(waits(budget, 40, 2000).at(-1)).toBe(0)
  })

  it("doubles when a 429 comes again, up to ten seconds", () => {
    const budget = new RateBudget([])
    let now = 0
    for (let strike = 0; strike < 9; strike += 1) {
      budget.slowDown(now, 10)
      now += 10
      budget.spend(now)
      const spacing = budget.nextAt(now) - now
      expect(spacing).toBe(Math.min(10_000, 100 * 2 ** strike))
      now += spacing
    }
  })
})

describe("a window of three", () => {
  it("forgets its requests in the order in which they came", () => {
    expect(starts(new RateBudget([{ requests: 3, windowMs: 1000 }]), 8, 10)).toEqual([
      0, 0, 0, 1010, 1010, 1010, 2020, 2020
    ])
    const budget = new RateBudget([{ requests: 3, windowMs: 1000 }])
    for (const at of [0, 100, 200]) budget.settle(budget.spend(at), at)
    expect(budget.nextAt(300)).toBe(1000)
    budget.settle(budget.spend(1000), 1000)
    expect(budget.nextAt(1000)).toBe(1100)
  })
})

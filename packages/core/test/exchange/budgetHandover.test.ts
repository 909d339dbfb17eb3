import { assert, describe, it } from "vitest"
import { RateBudget } from "../../src/exchange/RateBudget.ts"

const windowMs = 1000
const limit = { requests: 3, windowMs }

const send = (budget: RateBudget, at: number): void => budget.settle(budget.spend(at), at)

describe("a rate budget that another process continues", () => {
  it("counts the requests that were sent before, at their times", () => {
    const before = new RateBudget([limit])
    for (const at of [100, 200, 300]) send(before, at)
    const after = new RateBudget([limit])
    after.restore(5000, before.spent(400))
    assert.strictEqual(after.nextAt(5000), 5000 - 300 + windowMs)
  })

  it("does not count requests whose window has passed", () => {
    const budget = new RateBudget([limit])
    send(budget, 0)
    send(budget, 900)
    assert.deepStrictEqual(budget.spent(1200), { agesMs: [300], pausedForMs: 0 })
  })

  it("counts a request that may still be sent at the end of its reservation", () => {
    const budget = new RateBudget([{ requests: 1, windowMs }])
    budget.restore(0, { agesMs: [-2000], pausedForMs: 0 })
    assert.strictEqual(budget.nextAt(0), 3000)
  })

  it("keeps a pause", () => {
    const before = new RateBudget([])
    before.slowDown(0, 5000)
    const after = new RateBudget([])
    after.restore(0, before.spent(1000))
    assert.strictEqual(after.nextAt(0), 4000)
  })

  it("permits no request after the reservation until it is extended", () => {
    const budget = new RateBudget([])
    budget.reserveUntil(100)
    assert.strictEqual(budget.nextAt(99), 0)
    assert.strictEqual(budget.nextAt(100), Number.POSITIVE_INFINITY)
    budget.reserveUntil(200)
    assert.strictEqual(budget.nextAt(100), 0)
  })

  it("counts what may be sent until the end of a reservation, and no more than the rate limit permits", () => {
    const budget = new RateBudget([limit])
    send(budget, 0)
    send(budget, 900)
    assert.deepStrictEqual(budget.reserved(1000, 500).agesMs, [100, -500, -500])
  })

  it("counts no more than the strictest rate limit permits until the end of a reservation", () => {
    const budget = new RateBudget([limit, { requests: 100, windowMs: 60_000 }])
    assert.deepStrictEqual(budget.reserved(0, 500).agesMs, [-500, -500, -500])
  })

  it("reserves nothing without rate limits", () => {
    assert.deepStrictEqual(new RateBudget([]).reserved(0, 500), { agesMs: [], pausedForMs: 0 })
  })
})

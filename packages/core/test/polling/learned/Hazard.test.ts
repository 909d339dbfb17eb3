import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { estimate, waitFor } from "../../../src/polling/learned/Hazard.ts"
import type { Hazard, Observation } from "../../../src/polling/learned/Hazard.ts"

const ended = (until: number, from = 0): Observation => ({ from, until, ended: true })
const givenUp = (until: number, from = 0): Observation => ({ from, until, ended: false })

/** So many ends, evenly spread over the chances of a distribution. */
const spread = (count: number, quantile: (part: number) => number): ReadonlyArray<Observation> =>
  Array.from({ length: count }, (_, index) => ended(quantile((index + 0.5) / count)))

/** The chance that a task is still running at an age. */
const survival = ({ edges, rates }: Hazard, age: number): number =>
  Math.exp(
    -rates.reduce((sum, rate, index) => {
      const [low = 0, high = 0] = [edges[index], edges[index + 1]]
      return sum + rate * Math.max(0, Math.min(age, high) - low)
    }, 0)
  )

describe("the chance of an end", () => {
  it("is nobody's guess where no end is known", () => {
    expect(estimate([])).toBeUndefined()
    expect(estimate([givenUp(50)])).toBeUndefined()
  })

  it("is the ends over the time seen running, with an imaginary task that never ends", () => {
    expect(estimate([ended(10)])).toEqual({ edges: [0, 10], rates: [1 / 20], slack: 5, spread: 0 })
  })

  it("is high where many ended and low where none did", () => {
    const hazard = estimate([...Array.from({ length: 30 }, (_, index) => ended(100 + index)), ended(400)])
    expect(hazard?.edges[0]).toBe(0)
    expect(hazard?.edges[1]).toBe(100)
    expect(hazard?.edges.at(-1)).toBe(400)
    const [early = 0, ...later] = hazard?.rates ?? []
    expect(early).toBeLessThan(0.001)
    expect(Math.max(...later)).toBeGreaterThan(0.1)
    expect(later.at(-1)).toBeLessThan(0.02)
  })

  it("makes one rate of rates that differ by chance alone, and keeps clear differences", () => {
    const even = estimate(spread(64, (part) => -60 * Math.log(1 - part)))
    const peaked = estimate(spread(64, (part) => 60 + 6 * (part - 0.5)))
    const differing = (hazard: Hazard | undefined): number =>
      Math.max(...(hazard?.rates ?? [])) / Math.min(...(hazard?.rates ?? []))
    expect(differing(even)).toBeLessThan(2.5)
    expect(differing(peaked)).toBeGreaterThan(100)
  })

  it("does not take the ages before a late wait for time in which nothing ended", () => {
    const late = estimate([ended(60, 50), ended(61, 50), ended(62, 50)])
    const early = estimate([ended(60), ended(61), ended(62)])
    expect(late?.edges).toEqual(early?.edges)
    expect(late?.rates[0]).toBeGreaterThan(2 * (early?.rates[0] ?? 0))
  })

  it("takes tasks that were given up for what they are: running until then", () => {
    const all = spread(20, (part) => 100 * part)
    const cut = all.map(({ until }) => (until > 50 ? givenUp(50) : ended(until)))
    const whole = estimate(all)
    const censored = estimate(cut)
    const ignoring = estimate(cut.filter((observation) => observation.ended))
    if (whole === undefined || censored === undefined || ignoring === undefined)
      throw new Error("no estimate")
    expect(survival(whole, 45)).toBeGreaterThan(0.45)
    expect(Math.abs(survival(censored, 45) - survival(whole, 45))).toBeLessThan(0.1)
    expect(survival(ignoring, 45)).toBeLessThan(0.25)
  })

  it("says by its quartiles how far apart ends lie, and by its middle how far past the last one they may", () => {
    const hazard = estimate([10, 20, 30, 40, 50].map((until) => ended(until)))
    expect(hazard?.spread).toBeCloseTo(Math.log(40 / 20), 9)
    expect(hazard?.slack).toBe(20)
  })

  it("leaves more room past the last end, the fewer ends are known", () => {
    const slack = (count: number): number | undefined =>
      estimate(Array.from({ length: count }, () => ended(100)))?.slack
    expect([slack(1), slack(3), slack(9), slack(64)]).toEqual([50, 25, 10, 5])
  })
})

const hazard: Hazard = { edges: [0, 100, 200], rates: [0.0001, 0.01], slack: 25, spread: 1 }

describe("the wait for a chance", () => {
  it("is sqrt(2 × cost / rate) where the rate is one", () => {
    expect(waitFor(hazard, 0, 0.005, 1)).toBeCloseTo(10, 9)
    expect(waitFor(hazard, 110, 0.5, 1)).toBeCloseTo(10, 9)
    expect(waitFor(hazard, 110, 0.5, 1.1)).toBeCloseTo(11, 9)
    expect(waitFor(hazard, 110, 2, 1)).toBeCloseTo(20, 9)
  })

  it("looks ahead: a space that begins where nothing ends is over soon where much does", () => {
    // One look's worth: 0.01 of sqrt(rate) for each of the 50 before, the rest at 0.1.
    expect(waitFor(hazard, 50, 2, 1)).toBeCloseTo(50 + (2 - 0.5) / 0.1, 9)
  })

  it("grows past the last end, as the root of what the age is past it", () => {
    const waits = [200, 300, 1200, 40_200].map((age) => waitFor(hazard, age, 0.5, 1))
    expect(waits.map((wait) => Math.round(wait * 100) / 100)).toEqual([5.25, 11.43, 32.27, 200.31])
  })

  it("is finite and positive, whatever was observed", () => {
    const observation = fc
      .record({
        from: fc.double({ min: 0, max: 1e9, noNaN: true }),
        length: fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        ended: fc.boolean()
      })
      .map(({ from, length, ended }): Observation => ({ from, until: from + length, ended }))
    fc.assert(
      fc.property(
        fc.array(observation, { maxLength: 100 }),
        fc.double({ min: 0, max: 1e10, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (observations, age, cost) => {
          const known = estimate(observations)
          if (known === undefined) return
          const wait = waitFor(known, age, cost, 1)
          expect(Number.isFinite(wait)).toBe(true)
          expect(wait).toBeGreaterThanOrEqual(0)
        }
      ),
      { numRuns: 500 }
    )
  })
})

import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { estimateHazard, optimalDelay } from "../../../src/polling/learned/Hazard.ts"
import type { Hazard, Observation } from "../../../src/polling/learned/Hazard.ts"

const ended = (until: number, from = 0): Observation => ({ from, until, ended: true })
const unended = (until: number, from = 0): Observation => ({ from, until, ended: false })

/** A sample of a distribution: `count` durations at evenly spaced quantiles. */
const sample = (count: number, quantile: (fraction: number) => number): ReadonlyArray<Observation> =>
  Array.from({ length: count }, (_, index) => ended(quantile((index + 0.5) / count)))

/** The probability that a task is still running at an age. */
const survival = ({ edges, rates }: Hazard, age: number): number =>
  Math.exp(
    -rates.reduce((sum, rate, index) => {
      const [low = 0, high = 0] = [edges[index], edges[index + 1]]
      return sum + rate * Math.max(0, Math.min(age, high) - low)
    }, 0)
  )

const estimateOrThrow = (observations: ReadonlyArray<Observation>): Hazard => {
  const hazard = estimateHazard(observations)
  if (hazard === undefined) throw new Error("expected an estimate")
  return hazard
}

describe("estimateHazard", () => {
  it("returns undefined if no task has ended", () => {
    expect(estimateHazard([])).toBeUndefined()
    expect(estimateHazard([unended(50)])).toBeUndefined()
  })

  it("divides the ends by the running time, and counts an imaginary task that never ends", () => {
    expect(estimateHazard([ended(10)])).toEqual({ edges: [0, 10], rates: [1 / 20], tailScale: 5, spread: 0 })
  })

  it("estimates high rates at ages at which many tasks ended, and low rates at other ages", () => {
    const hazard = estimateOrThrow([
      ...Array.from({ length: 30 }, (_, index) => ended(100 + index)),
      ended(400)
    ])
    expect(hazard.edges[0]).toBe(0)
    expect(hazard.edges[1]).toBe(100)
    expect(hazard.edges.at(-1)).toBe(400)
    const [first = 0, ...others] = hazard.rates
    expect(first).toBeLessThan(0.001)
    expect(Math.max(...others)).toBeGreaterThan(0.1)
    expect(others.at(-1)).toBeLessThan(0.02)
  })

  it("evens out rates that differ by chance, and keeps clear differences", () => {
    const exponential = estimateOrThrow(sample(64, (fraction) => -60 * Math.log(1 - fraction)))
    const narrow = estimateOrThrow(sample(64, (fraction) => 60 + 6 * (fraction - 0.5)))
    const ratio = ({ rates }: Hazard): number => Math.max(...rates) / Math.min(...rates)
    expect(ratio(exponential)).toBeLessThan(2.5)
    expect(ratio(narrow)).toBeGreaterThan(100)
  })

  it("does not count the ages before the first poll as time in which tasks were seen running", () => {
    const seenLate = estimateOrThrow([ended(60, 50), ended(61, 50), ended(62, 50)])
    const seenEarly = estimateOrThrow([ended(60), ended(61), ended(62)])
    expect(seenLate.edges).toEqual(seenEarly.edges)
    expect(seenLate.rates[0]).toBeGreaterThan(2 * (seenEarly.rates[0] ?? 0))
  })

  it("counts tasks that did not end while they were observed as running until then", () => {
    const all = sample(20, (fraction) => 100 * fraction)
    const censored = all.map(({ until }) => (until > 50 ? unended(50) : ended(until)))
    const expected = survival(estimateOrThrow(all), 45)
    const actual = survival(estimateOrThrow(censored), 45)
    const withoutUnended = survival(estimateOrThrow(censored.filter((observation) => observation.ended)), 45)
    expect(expected).toBeGreaterThan(0.45)
    expect(Math.abs(actual - expected)).toBeLessThan(0.1)
    expect(withoutUnended).toBeLessThan(0.25)
  })

  it("derives the spread from the quartiles, and the tail from the distance between the median and the maximum", () => {
    const hazard = estimateOrThrow([10, 20, 30, 40, 50].map((until) => ended(until)))
    expect(hazard.spread).toBeCloseTo(Math.log(40 / 20), 9)
    expect(hazard.tailScale).toBe(20)
  })

  it("estimates a longer tail the fewer ends are known", () => {
    const tailScale = (count: number): number =>
      estimateOrThrow(Array.from({ length: count }, () => ended(100))).tailScale
    expect([tailScale(1), tailScale(3), tailScale(9), tailScale(64)]).toEqual([50, 25, 10, 5])
  })
})

const hazard: Hazard = { edges: [0, 100, 200], rates: [0.0001, 0.01], tailScale: 25, spread: 1 }

describe("optimalDelay", () => {
  it("is sqrt(2 × cost / rate) while the rate is constant", () => {
    expect(optimalDelay(hazard, 0, 0.005, 1)).toBeCloseTo(10, 9)
    expect(optimalDelay(hazard, 110, 0.5, 1)).toBeCloseTo(10, 9)
    expect(optimalDelay(hazard, 110, 0.5, 1.1)).toBeCloseTo(11, 9)
    expect(optimalDelay(hazard, 110, 2, 1)).toBeCloseTo(20, 9)
  })

  it("integrates over ages with different rates", () => {
    // The integral of sqrt(rate) must be 2: 50 × 0.01 before the edge, and the rest at 0.1 after it.
    expect(optimalDelay(hazard, 50, 2, 1)).toBeCloseTo(50 + (2 - 0.5) / 0.1, 9)
  })

  it("grows with the square root of the time since the last edge", () => {
    const delays = [200, 300, 1200, 40_200].map((age) => optimalDelay(hazard, age, 0.5, 1))
    expect(delays.map((delay) => Math.round(delay * 100) / 100)).toEqual([5.25, 11.43, 32.27, 200.31])
  })

  it("is finite and not negative for all observations", () => {
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
          const hazard = estimateHazard(observations)
          if (hazard === undefined) return
          const delay = optimalDelay(hazard, age, cost, 1)
          expect(Number.isFinite(delay)).toBe(true)
          expect(delay).toBeGreaterThanOrEqual(0)
        }
      ),
      { numRuns: 500 }
    )
  })
})

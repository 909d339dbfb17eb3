import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DurationStore, PollPolicy } from "@gentask/core"

const key = "acme@acme api.acme.example painter"

const context: PollPolicy.PollContext = {
  ageMs: 0,
  durationKey: key,
  estimatedTotalMs: undefined,
  polls: 1,
  failures: 0,
  previousDelayMs: undefined,
  snapshot: undefined,
  hint: undefined,
  random: 0.5
}

const span: PollPolicy.ObservedSpan = {
  durationKey: key,
  fromMs: 0,
  afterMs: 0,
  byMs: undefined,
  estimatedTotalMs: undefined,
  random: 0.5
}

/** Reports a task that ended at exactly this age. */
const reportEnd = (policy: PollPolicy.PollPolicy, ageMs: number, estimatedTotalMs?: number): void =>
  policy.learn?.({ ...span, afterMs: ageMs, byMs: ageMs, estimatedTotalMs })

/** The `index`th of durations that vary by ±10 % around a minute, in no order. */
const minute = (index: number): number => 60_000 * (0.9 + 0.2 * ((index * 0.618) % 1))

/** A policy that has learned these durations. */
const trained = (
  options: PollPolicy.LearnedOptions = {},
  durations: ReadonlyArray<number> = Array.from({ length: 40 }, (_, index) => minute(index))
): PollPolicy.PollPolicy => {
  const policy = PollPolicy.learned(options)
  for (const durationMs of durations) reportEnd(policy, durationMs)
  return policy
}

/** The ages at which a task of this duration is polled. */
const pollAges = (
  policy: PollPolicy.PollPolicy,
  durationMs: number,
  estimatedTotalMs?: number
): ReadonlyArray<number> => {
  const ages = [0]
  for (let ageMs = 0; ageMs < durationMs;) {
    ageMs += policy.next({ ...context, ageMs, estimatedTotalMs, polls: ages.length })
    ages.push(ageMs)
  }
  return ages
}

const lagOf = (ages: ReadonlyArray<number>, durationMs: number): number => (ages.at(-1) ?? 0) - durationMs

describe("PollPolicy.learned", () => {
  it("returns the delays of growing until three tasks with the same key have ended", () => {
    const policy = PollPolicy.learned()
    const growing = PollPolicy.growing()
    for (const ageMs of [0, 60_000])
      expect(policy.next({ ...context, ageMs })).toBe(growing.next({ ...context, ageMs }))
    reportEnd(policy, 60_000)
    reportEnd(policy, 61_000)
    expect(policy.next({ ...context, ageMs: 40_000 })).toBe(4000)
    reportEnd(policy, 62_000)
    expect(policy.next({ ...context, ageMs: 40_000 })).toBeGreaterThan(5000)
    expect(policy.next({ ...context, ageMs: 40_000, durationKey: "another key" })).toBe(4000)
    expect(policy.next({ ...context, ageMs: 40_000, durationKey: undefined })).toBe(4000)
  })

  it("does not count tasks whose polling stopped early among the samples that it needs", () => {
    const policy = trained({}, [60_000, 61_000])
    for (const afterMs of [70_000, 80_000, 90_000]) policy.learn?.({ ...span, afterMs })
    expect(policy.next({ ...context, ageMs: 40_000 })).toBe(4000)
  })

  it("passes its bounds to growing, with a share that depends on the request cost", () => {
    const first = (options: PollPolicy.LearnedOptions, ageMs: number): number =>
      PollPolicy.learned(options).next({ ...context, ageMs })
    expect(first({ min: 5000 }, 0)).toBe(5000)
    expect(first({ max: 8000 }, 200_000)).toBe(8000)
    expect(first({ requestCost: 2000 }, 40_000)).toBe(8000)
  })

  it("accepts durations as text", () => {
    const first = (options: PollPolicy.LearnedOptions, ageMs: number): number =>
      PollPolicy.learned(options).next({ ...context, ageMs })
    expect(first({ min: "5 seconds" }, 0)).toBe(5000)
    expect(first({ max: "8s" }, 200_000)).toBe(8000)
    expect(first({ requestCost: "2 seconds" }, 40_000)).toBe(8000)
  })

  it("polls often at ages at which tasks have ended, and rarely before", () => {
    const ages = pollAges(trained(), 62_000)
    expect(ages.length).toBeLessThanOrEqual(8)
    expect(lagOf(ages, 62_000)).toBeLessThan(4000)
    expect(ages.filter((ageMs) => ageMs < 50_000).length).toBeLessThanOrEqual(3)
    expect(pollAges(PollPolicy.growing(), 62_000).length).toBeGreaterThan(20)
  })

  it("doubles its delays if a request costs four times as much", () => {
    const [cheap = 0, expensive = 0] = [50, 200].map((requestCost) =>
      trained({ requestCost, min: 1 }).next({ ...context, ageMs: 58_000 })
    )
    expect(expensive / cheap).toBeCloseTo(2, 1)
  })

  it("adds 10 % jitter, and returns the same delay for the same context", () => {
    const policy = trained({ min: 1, requestCost: 50 })
    const [low = 0, middle = 0, high = 0] = [0, 0.5, 1].map((random) =>
      policy.next({ ...context, ageMs: 58_000, random })
    )
    expect(low / middle).toBeCloseTo(0.9, 2)
    expect(high / middle).toBeCloseTo(1.1, 2)
    expect(policy.next({ ...context, ageMs: 58_000 })).toBe(middle)
  })

  it("prefers the caller's bounds to the vendor's hint, and the hint to its own bounds", () => {
    const policy = trained()
    expect(policy.next(context)).toBeLessThanOrEqual(30_000)
    expect(policy.next({ ...context, hint: { minMs: 5000, maxMs: 6000 } })).toBeLessThanOrEqual(6000)
    expect(policy.next({ ...context, ageMs: 60_000, hint: { minMs: 5000, maxMs: 6000 } })).toBe(5000)
    expect(trained({ min: 7000, max: 8000 }).next({ ...context, ageMs: 60_000 })).toBe(7000)
    expect(
      trained({ max: 8000 }).next({ ...context, hint: { minMs: 1000, maxMs: 60_000 } })
    ).toBeLessThanOrEqual(8000)
    const slow = Array.from({ length: 64 }, (_, index) => 20 * minute(index))
    expect(trained({ requestCost: 2000 }, slow).next({ ...context, random: 1 })).toBe(120_000)
  })

  it("adds jitter within its bounds", () => {
    const range = (options: PollPolicy.LearnedOptions, ageMs: number): ReadonlyArray<number> =>
      [0, 1].map((random) => Math.round(trained(options).next({ ...context, ageMs, random })))
    expect(range({ max: 8000 }, 0)).toEqual([7200, 8000])
    expect(range({ min: 7000 }, 60_000)).toEqual([7000, 7700])
  })

  it("polls a task that is slower than all before less and less often, with delays up to its age", () => {
    const ages = pollAges(trained(), 3_600_000)
    const delays = ages.slice(1).map((ageMs, index) => ageMs - (ages[index] ?? 0))
    expect(ages.length).toBeLessThan(150)
    expect(Math.max(...delays)).toBeLessThan(65_000)
    expect(delays.at(-1)).toBeGreaterThan(30_000)
  })

  it("finds the end of a task that is faster than all before within its duration or 30 seconds", () => {
    const policy = trained(
      {},
      Array.from({ length: 40 }, (_, index) => 10 * minute(index))
    )
    for (const durationMs of [1000, 20_000, 70_000, 200_000]) {
      const lag = lagOf(pollAges(policy, durationMs), durationMs)
      expect(lag).toBeLessThanOrEqual(Math.max(30_000, durationMs))
    }
  })

  it("uses the fallback after a failed poll", () => {
    const growing = PollPolicy.growing()
    const failed = { ...context, ageMs: 60_000, failures: 2 }
    expect(trained().next(failed)).toBe(growing.next(failed))
    expect(trained({ fallback: PollPolicy.fixed(123) }).next(failed)).toBe(123)
  })

  it("adapts to a vendor that becomes slower, and to one that becomes faster", () => {
    const policy = trained()
    for (let index = 0; index < 64; index += 1) reportEnd(policy, 3 * minute(index))
    const slow = pollAges(policy, 180_000)
    expect(slow.length).toBeLessThanOrEqual(12)
    expect(lagOf(slow, 180_000)).toBeLessThan(8000)
    for (let index = 0; index < 64; index += 1) reportEnd(policy, minute(index) / 3)
    const fast = pollAges(policy, 20_000)
    expect(fast.length).toBeLessThanOrEqual(6)
    expect(lagOf(fast, 20_000)).toBeLessThan(2500)
  })

  it("polls at both ages if some tasks are fast and others slow", () => {
    const durations = Array.from({ length: 60 }, (_, index) => minute(index) / (index % 3 === 0 ? 1 : 4))
    const policy = trained({}, durations)
    const slow = pollAges(policy, 60_000)
    expect(slow.length).toBeLessThanOrEqual(12)
    expect(slow.filter((ageMs) => ageMs > 18_000 && ageMs < 48_000).length).toBeLessThanOrEqual(3)
    expect(lagOf(pollAges(policy, 15_000), 15_000)).toBeLessThan(2500)
  })
})

describe("the progress of a task", () => {
  const durations = Array.from({ length: 40 }, (_, index) => minute(index) * (1 + (index % 5)))

  it("is used if it has predicted durations better than the age", () => {
    const policy = PollPolicy.learned()
    for (const [index, durationMs] of durations.entries())
      reportEnd(policy, durationMs, durationMs * (0.97 + 0.002 * (index % 30)))
    const totalCost = (hasEstimate: boolean): { readonly requests: number; readonly lag: number } => {
      const costs = [60_000, 110_000, 150_000, 190_000, 240_000].map((durationMs) => {
        const ages = pollAges(policy, durationMs, hasEstimate ? durationMs : undefined)
        return { requests: ages.length, lag: lagOf(ages, durationMs) }
      })
      return {
        requests: costs.reduce((sum, { requests }) => sum + requests, 0),
        lag: costs.reduce((sum, { lag }) => sum + lag, 0)
      }
    }
    expect(totalCost(true).requests).toBeLessThanOrEqual(totalCost(false).requests)
    expect(totalCost(true).lag).toBeLessThan(totalCost(false).lag / 2)
  })

  it("is ignored if it does not predict durations", () => {
    const policy = PollPolicy.learned()
    for (const [index, durationMs] of durations.entries())
      reportEnd(policy, durationMs, 1000 * 3 ** (index % 9))
    const estimated = { ...context, ageMs: 60_000, estimatedTotalMs: 61_000 }
    expect(policy.next(estimated)).toBe(policy.next({ ...estimated, estimatedTotalMs: undefined }))
  })
})

describe("the durations that PollPolicy.learned records", () => {
  const recorded = (
    ...spans: ReadonlyArray<Partial<PollPolicy.ObservedSpan>>
  ): DurationStore.Durations | undefined => {
    const store = DurationStore.memory()
    const policy = PollPolicy.learned({ store })
    for (const each of spans) policy.learn?.({ ...span, ...each })
    return store.get(key)
  }

  it("end at a random age between the last two responses", () => {
    expect(
      recorded({ afterMs: 50_000, byMs: 60_000, random: 0 }, { afterMs: 50_000, byMs: 60_000, random: 0.25 })
        ?.ages
    ).toEqual([
      { from: 0, until: 50_000, ended: true },
      { from: 0, until: 52_500, ended: true }
    ])
  })

  it("have no end if polling stopped before the task ended", () => {
    expect(recorded({ fromMs: 1000, afterMs: 50_000 })?.ages).toEqual([
      { from: 1000, until: 50_000, ended: false }
    ])
    expect(recorded({ fromMs: 1000, afterMs: 1000 })).toBeUndefined()
  })

  it("include the share of the estimated total if there is one", () => {
    expect(recorded({ afterMs: 60_000, byMs: 60_000, estimatedTotalMs: 48_000 })?.shares).toEqual([
      { from: 0.25, until: 1.25, ended: true }
    ])
  })

  it("exclude tasks with a long gap between the last two responses", () => {
    expect(recorded({ afterMs: 30_000, byMs: 3_600_000 })).toBeUndefined()
    expect(recorded({ afterMs: 30_000, byMs: 90_000 })).toBeDefined()
  })

  it("exclude invalid spans", () => {
    expect(
      recorded(
        { afterMs: Number.NaN, byMs: 5 },
        { fromMs: 10, afterMs: 5 },
        { fromMs: -1, afterMs: 5, byMs: 6 }
      )
    ).toBeUndefined()
    expect(recorded({ afterMs: 0, byMs: 1e-9 }, { afterMs: 1e13, byMs: 1e13 })).toBeUndefined()
    expect(recorded({ afterMs: 5, byMs: 6, estimatedTotalMs: 0 })?.shares).toEqual([])
    expect(recorded({ afterMs: 5, byMs: 6, estimatedTotalMs: 1e-300 })?.shares).toEqual([])
  })

  it("are those of the last 64 tasks that ended and the last 32 that did not", () => {
    const ended = Array.from({ length: 200 }, (_, index) => ({ afterMs: index + 1, byMs: index + 1 }))
    const unended = Array.from({ length: 500 }, (_, index) => ({ afterMs: index + 1 }))
    const { ages = [] } = recorded(...ended, ...unended) ?? {}
    expect(ages.map(({ until, ended }) => (ended ? until : -until))).toEqual([
      ...Array.from({ length: 64 }, (_, index) => 137 + index),
      ...Array.from({ length: 32 }, (_, index) => -(469 + index))
    ])
  })
})

describe("the delay that PollPolicy.learned returns", () => {
  const ageMs = fc.double({ min: 0, max: 1e9, noNaN: true })
  const anySpan = fc
    .record({
      fromMs: ageMs,
      runningMs: ageMs,
      gapMs: ageMs,
      hasEnded: fc.boolean(),
      estimatedTotalMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
      random: fc.double({ min: 0, max: 1, noNaN: true })
    })
    .map(({ fromMs, runningMs, gapMs, hasEnded, estimatedTotalMs, random }): PollPolicy.ObservedSpan => ({
      durationKey: key,
      fromMs,
      afterMs: fromMs + runningMs,
      byMs: hasEnded ? fromMs + runningMs + gapMs : undefined,
      estimatedTotalMs,
      random
    }))
  const anyContext = fc
    .record({
      ageMs,
      failures: fc.nat({ max: 50 }),
      estimatedTotalMs: fc.option(fc.double({ min: 1, max: 1e9, noNaN: true }), { nil: undefined }),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
      hint: fc.option(fc.record({ minMs: fc.nat(1e5), maxMs: fc.nat(1e6) }), { nil: undefined })
    })
    .map((fields): PollPolicy.PollContext => ({ ...context, ...fields }))

  it("is within the bounds for all durations, and does not depend on other calls", () => {
    fc.assert(
      fc.property(
        fc.array(anySpan, { maxLength: 60 }),
        anyContext,
        fc.integer({ min: 1, max: 60_000 }),
        (spans, context, requestCost) => {
          const policy = PollPolicy.learned({ requestCost })
          for (const span of spans) policy.learn?.(span)
          const delay = policy.next(context)
          const min = context.hint?.minMs ?? 2000
          const max = Math.max(min, context.hint?.maxMs ?? Math.max(30_000, 60 * requestCost, context.ageMs))
          expect(delay).toBeGreaterThanOrEqual(min)
          expect(delay).toBeLessThanOrEqual(max)
          policy.next({ ...context, ageMs: context.ageMs + 1 })
          expect(policy.next(context)).toBe(delay)
        }
      ),
      { numRuns: 500 }
    )
  })
})

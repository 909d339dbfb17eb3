import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DurationStore, PollPolicy } from "@gentask/core"

const context: PollPolicy.PollContext = {
  age: 0,
  group: "acme@acme api.acme.example painter",
  estimatedTotal: undefined,
  polls: 1,
  failures: 0,
  previous: undefined,
  snapshot: undefined,
  hint: undefined,
  random: 0.5
}

const span: PollPolicy.ObservedSpan = {
  group: context.group ?? "",
  from: 0,
  after: 0,
  by: undefined,
  estimatedTotal: undefined,
  random: 0.5
}

/** Learns of a task that ended at this age exactly. */
const learnEnd = (policy: PollPolicy.PollPolicy, age: number, estimatedTotal?: number): void =>
  policy.learn?.({ ...span, after: age, by: age, estimatedTotal: estimatedTotal })

/** Lengths around a minute, a tenth up and down, in no order. */
const minute = (index: number): number => 60_000 * (0.9 + 0.2 * ((index * 0.618) % 1))

const knowing = (
  options: PollPolicy.LearnedOptions = {},
  ages: ReadonlyArray<number> = Array.from({ length: 40 }, (_, index) => minute(index))
): PollPolicy.PollPolicy => {
  const policy = PollPolicy.learned(options)
  for (const age of ages) learnEnd(policy, age)
  return policy
}

/** The ages at which a task is asked about until it has ended. */
const looks = (
  policy: PollPolicy.PollPolicy,
  duration: number,
  estimatedTotal?: number
): ReadonlyArray<number> => {
  const ages = [0]
  for (let age = 0; age < duration;) {
    age += policy.next({ ...context, age, estimatedTotal: estimatedTotal, polls: ages.length })
    ages.push(age)
  }
  return ages
}

const lagOf = (ages: ReadonlyArray<number>, duration: number): number => (ages.at(-1) ?? 0) - duration

describe("the learned poll policy", () => {
  it("waits as the growing one does until it knows three ends of the group", () => {
    const policy = PollPolicy.learned()
    const growing = PollPolicy.growing()
    for (const age of [0, 60_000])
      expect(policy.next({ ...context, age })).toBe(growing.next({ ...context, age }))
    learnEnd(policy, 60_000)
    learnEnd(policy, 61_000)
    expect(policy.next({ ...context, age: 40_000 })).toBe(4000)
    learnEnd(policy, 62_000)
    expect(policy.next({ ...context, age: 40_000 })).toBeGreaterThan(5000)
    expect(policy.next({ ...context, age: 40_000, group: "acme@acme api.acme.example sculptor" })).toBe(4000)
    expect(policy.next({ ...context, age: 40_000, group: undefined })).toBe(4000)
  })

  it("does not count tasks that were given up among the ends that it needs", () => {
    const policy = knowing({}, [60_000, 61_000])
    for (const after of [70_000, 80_000, 90_000]) policy.learn?.({ ...span, after })
    expect(policy.next({ ...context, age: 40_000 })).toBe(4000)
  })

  it("begins with the same bounds, and with waits that suit what a request costs", () => {
    const first = (options: PollPolicy.LearnedOptions, age: number): number =>
      PollPolicy.learned(options).next({ ...context, age })
    expect(first({ min: 5000 }, 0)).toBe(5000)
    expect(first({ max: 8000 }, 200_000)).toBe(8000)
    expect(first({ requestCost: 2000 }, 40_000)).toBe(8000)
  })

  it("asks often where tasks end and rarely before", () => {
    const policy = knowing()
    const ages = looks(policy, 62_000)
    expect(ages.length).toBeLessThanOrEqual(8)
    expect(lagOf(ages, 62_000)).toBeLessThan(4000)
    expect(ages.filter((age) => age < 50_000).length).toBeLessThanOrEqual(3)
    expect(looks(PollPolicy.growing(), 62_000).length).toBeGreaterThan(20)
  })

  it("waits twice as long where a request costs four times as much", () => {
    const [cheap = 0, dear = 0] = [50, 200].map((requestCost) =>
      knowing({ requestCost, min: 1 }).next({ ...context, age: 58_000 })
    )
    expect(dear / cheap).toBeCloseTo(2, 1)
  })

  it("spreads its looks by a tenth, and answers the same for the same", () => {
    const policy = knowing({ min: 1, requestCost: 50 })
    const [low = 0, middle = 0, high = 0] = [0, 0.5, 1].map((random) =>
      policy.next({ ...context, age: 58_000, random })
    )
    expect(low / middle).toBeCloseTo(0.9, 2)
    expect(high / middle).toBeCloseTo(1.1, 2)
    expect(policy.next({ ...context, age: 58_000 })).toBe(middle)
  })

  it("keeps its bounds: the caller's, else the vendor's, else its own", () => {
    const policy = knowing()
    expect(policy.next(context)).toBeLessThanOrEqual(30_000)
    expect(policy.next({ ...context, hint: { minMs: 5000, maxMs: 6000 } })).toBeLessThanOrEqual(6000)
    expect(policy.next({ ...context, age: 60_000, hint: { minMs: 5000, maxMs: 6000 } })).toBe(5000)
    expect(knowing({ min: 7000, max: 8000 }).next({ ...context, age: 60_000 })).toBe(7000)
    expect(
      knowing({ max: 8000 }).next({ ...context, hint: { minMs: 1000, maxMs: 60_000 } })
    ).toBeLessThanOrEqual(8000)
    const slow = Array.from({ length: 64 }, (_, index) => 20 * minute(index))
    expect(knowing({ requestCost: 2000 }, slow).next({ ...context, random: 1 })).toBe(120_000)
    // At a bound it spreads its looks to the inside.
    const spread = (options: PollPolicy.LearnedOptions, age: number): ReadonlyArray<number> =>
      [0, 1].map((random) => Math.round(knowing(options).next({ ...context, age, random })))
    expect(spread({ max: 8000 }, 0)).toEqual([7200, 8000])
    expect(spread({ min: 7000 }, 60_000)).toEqual([7000, 7700])
  })

  it("still sees a task that is slower than any before, ever more rarely, and never waits longer than its age", () => {
    const ages = looks(knowing(), 3_600_000)
    const waits = ages.slice(1).map((age, index) => age - (ages[index] ?? 0))
    expect(ages.length).toBeLessThan(150)
    expect(Math.max(...waits)).toBeLessThan(65_000)
    expect(waits.at(-1)).toBeGreaterThan(30_000)
  })

  it("sees a task that is faster than any before within its age or half a minute", () => {
    const policy = knowing(
      {},
      Array.from({ length: 40 }, (_, index) => 10 * minute(index))
    )
    for (const duration of [1000, 20_000, 70_000, 200_000]) {
      expect(lagOf(looks(policy, duration), duration)).toBeLessThanOrEqual(Math.max(30_000, duration))
    }
  })

  it("leaves it to the other policy when a poll went unanswered", () => {
    const policy = knowing()
    const growing = PollPolicy.growing()
    const missed = { ...context, age: 60_000, failures: 2 }
    expect(policy.next(missed)).toBe(growing.next(missed))
    expect(knowing({ fallback: PollPolicy.fixed(123) }).next(missed)).toBe(123)
  })

  it("follows a vendor that grows slower, and one that grows faster", () => {
    const policy = knowing()
    for (let index = 0; index < 64; index += 1) learnEnd(policy, 3 * minute(index))
    const slow = looks(policy, 180_000)
    expect(slow.length).toBeLessThanOrEqual(12)
    expect(lagOf(slow, 180_000)).toBeLessThan(8000)
    for (let index = 0; index < 64; index += 1) learnEnd(policy, minute(index) / 3)
    const quick = looks(policy, 20_000)
    expect(quick.length).toBeLessThanOrEqual(6)
    expect(lagOf(quick, 20_000)).toBeLessThan(2500)
  })

  it("knows both kinds where some tasks are quick and others slow", () => {
    const ages = Array.from({ length: 60 }, (_, index) => minute(index) / (index % 3 === 0 ? 1 : 4))
    const policy = knowing({}, ages)
    const slow = looks(policy, 60_000)
    expect(slow.length).toBeLessThanOrEqual(12)
    expect(slow.filter((age) => age > 18_000 && age < 48_000).length).toBeLessThanOrEqual(3)
    expect(lagOf(looks(policy, 15_000), 15_000)).toBeLessThan(2500)
  })
})

describe("progress", () => {
  const lengths = Array.from({ length: 40 }, (_, index) => minute(index) * (1 + (index % 5)))

  it("places the polls where it foretold past ends better than their age", () => {
    const policy = PollPolicy.learned()
    for (const [index, length] of lengths.entries())
      learnEnd(policy, length, length * (0.97 + 0.002 * (index % 30)))
    const durations = [60_000, 110_000, 150_000, 190_000, 240_000]
    const costs = (estimatedTotal: boolean): { readonly requests: number; readonly lag: number } => {
      const all = durations.map((duration) => looks(policy, duration, estimatedTotal ? duration : undefined))
      const lags = all.map((ages, index) => lagOf(ages, durations[index] ?? 0))
      return { requests: all.flat().length, lag: lags.reduce((sum, lag) => sum + lag, 0) }
    }
    expect(costs(true).requests).toBeLessThanOrEqual(costs(false).requests)
    expect(costs(true).lag).toBeLessThan(costs(false).lag / 2)
  })

  it("is left alone where it is made up", () => {
    const policy = PollPolicy.learned()
    for (const [index, length] of lengths.entries()) learnEnd(policy, length, 1000 * 3 ** (index % 9))
    const estimatedTotal = { ...context, age: 60_000, estimatedTotal: 61_000 }
    expect(policy.next(estimatedTotal)).toBe(policy.next({ ...estimatedTotal, estimatedTotal: undefined }))
  })
})

describe("what is learned of a watch", () => {
  const learnt = (
    ...spans: ReadonlyArray<Partial<PollPolicy.ObservedSpan>>
  ): DurationStore.Durations | undefined => {
    const store = DurationStore.memory()
    const policy = PollPolicy.learned({ store })
    for (const each of spans) policy.learn?.({ ...span, ...each })
    return store.recall(span.group)
  }

  it("is an end somewhere between the last two answers", () => {
    expect(
      learnt({ after: 50_000, by: 60_000, random: 0 }, { after: 50_000, by: 60_000, random: 0.25 })?.ages
    ).toEqual([
      { from: 0, until: 50_000, ended: true },
      { from: 0, until: 52_500, ended: true }
    ])
  })

  it("is how long it has run at least, where the watch ended first", () => {
    expect(learnt({ from: 1000, after: 50_000 })?.ages).toEqual([{ from: 1000, until: 50_000, ended: false }])
    expect(learnt({ from: 1000, after: 1000 })).toBeUndefined()
  })

  it("is the part of the estimatedTotal age, where there is one", () => {
    expect(learnt({ after: 60_000, by: 60_000, estimatedTotal: 48_000 })?.shares).toEqual([
      { from: 0.25, until: 1.25, ended: true }
    ])
  })

  it("is nothing where the machine slept between the last two answers", () => {
    expect(learnt({ after: 30_000, by: 3_600_000 })).toBeUndefined()
    expect(learnt({ after: 30_000, by: 90_000 })).toBeDefined()
  })

  it("is nothing where the times make no sense", () => {
    expect(
      learnt({ after: Number.NaN, by: 5 }, { from: 10, after: 5 }, { from: -1, after: 5, by: 6 })
    ).toBeUndefined()
    expect(learnt({ after: 0, by: 1e-9 }, { after: 1e13, by: 1e13 })).toBeUndefined()
    expect(learnt({ after: 5, by: 6, estimatedTotal: 0 })?.shares).toEqual([])
    expect(learnt({ after: 5, by: 6, estimatedTotal: 1e-300 })?.shares).toEqual([])
  })

  it("is of the last 64 ends and the last 32 tasks that were given up", () => {
    const ends = Array.from({ length: 200 }, (_, index) => ({ after: index + 1, by: index + 1 }))
    const givenUp = Array.from({ length: 500 }, (_, index) => ({ after: index + 1 }))
    const { ages = [] } = learnt(...ends, ...givenUp) ?? {}
    expect(ages.map(({ until, ended }) => (ended ? until : -until))).toEqual([
      ...Array.from({ length: 64 }, (_, index) => 137 + index),
      ...Array.from({ length: 32 }, (_, index) => -(469 + index))
    ])
  })
})

describe("whatever was learned", () => {
  const age = fc.double({ min: 0, max: 1e9, noNaN: true })
  const someSpan = fc
    .record({
      from: age,
      after: age,
      wait: age,
      isOver: fc.boolean(),
      estimatedTotal: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
      random: fc.double({ min: 0, max: 1, noNaN: true })
    })
    .map(({ from, after, wait, isOver, estimatedTotal, random }): PollPolicy.ObservedSpan => ({
      group: span.group,
      from,
      after: from + after,
      by: isOver ? from + after + wait : undefined,
      estimatedTotal: estimatedTotal,
      random
    }))
  const someContext = fc
    .record({
      age,
      failures: fc.nat({ max: 50 }),
      estimatedTotal: fc.option(fc.double({ min: 1, max: 1e9, noNaN: true }), { nil: undefined }),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
      hint: fc.option(fc.record({ minMs: fc.nat(1e5), maxMs: fc.nat(1e6) }), { nil: undefined })
    })
    .map((some): PollPolicy.PollContext => ({ ...context, ...some }))

  it("the wait is finite and within the bounds, and asking changes nothing", () => {
    fc.assert(
      fc.property(
        fc.array(someSpan, { maxLength: 60 }),
        someContext,
        fc.integer({ min: 1, max: 60_000 }),
        (spans, asked, requestCost) => {
          const policy = PollPolicy.learned({ requestCost })
          for (const each of spans) policy.learn?.(each)
          const wait = policy.next(asked)
          const min = asked.hint?.minMs ?? 2000
          const max = Math.max(min, asked.hint?.maxMs ?? Math.max(30_000, 60 * requestCost, asked.age))
          expect(wait).toBeGreaterThanOrEqual(min)
          expect(wait).toBeLessThanOrEqual(max)
          policy.next({ ...asked, age: asked.age + 1 })
          expect(policy.next(asked)).toBe(wait)
        }
      ),
      { numRuns: 500 }
    )
  })
})

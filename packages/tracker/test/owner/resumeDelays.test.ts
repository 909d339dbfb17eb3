import { PollPolicy } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import { describe, expect, it } from "vitest"
import { resumeDelays } from "../../src/owner/resumeDelays.ts"
import type { OpenTask } from "../../src/store/TrackerStore.ts"

const { spec } = jimmy({})

const taskWith = (changes: Partial<OpenTask> = {}): OpenTask => ({
  seq: 1,
  ref: "jimmy:1",
  ageMs: 60_000,
  dueInMs: 0,
  polls: 5,
  notFoundForMs: null,
  snapshot: null,
  ...changes
})

const delaysOf = (tasks: ReadonlyArray<OpenTask>, policy = PollPolicy.fixed(10_000)) =>
  resumeDelays(policy, spec, tasks, () => 0.5)

describe("resumeDelays", () => {
  it("keeps the time of polls that are not due yet, but not that of a changed clock", () => {
    expect(delaysOf([taskWith({ dueInMs: 7000 }), taskWith({ dueInMs: 1e12 })])).toEqual([7000, 3_600_000])
  })

  it("spreads overdue polls evenly over the poll interval", () => {
    const delays = delaysOf(Array.from({ length: 1000 }, () => taskWith()))
    const perSecond = Array.from({ length: 10 }, (_, second) =>
      delays.filter((delay) => Math.floor(delay / 1000) === second)
    )
    expect(perSecond.map(({ length }) => length)).toEqual(Array(10).fill(100))
  })

  it("polls a few overdue tasks soon", () => {
    expect(Math.max(...delaysOf([taskWith(), taskWith()]))).toBeLessThan(100)
  })

  it("polls a few new tasks at once", () => {
    expect(delaysOf([taskWith({ polls: 0, ageMs: 100 })])).toEqual([0])
  })

  it("uses 30 seconds if the poll policy throws or returns no valid delay", () => {
    const throwing: PollPolicy.PollPolicy = {
      next: () => {
        throw new Error("broken")
      }
    }
    for (const policy of [throwing, { next: () => Number.NaN }]) {
      const delays = delaysOf(
        Array.from({ length: 1000 }, () => taskWith()),
        policy
      )
      expect(delays.at(-1)).toBeCloseTo(30_000, -2)
    }
  })
})

import { describe, expect, it } from "vitest"
import type { TaskSnapshot } from "@gentask/core"
import { durationKey } from "../../src/polling/durationKey.ts"
import type { TaskQuery } from "../../src/exchange/TaskQuery.ts"
import { ageAt, recordResponse, observedSpan, startTimes } from "../../src/polling/observedDuration.ts"

const began = Date.parse("2026-01-01T00:00:00Z")

const snapshot = (rest: Partial<TaskSnapshot> = {}): TaskSnapshot => ({
  ref: "acme:1",
  provider: "acme",
  account: "acme",
  id: "1",
  status: "running",
  rawStatus: null,
  progress: null,
  model: null,
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: null,
  outputs: [],
  failure: null,
  warnings: [],
  ...rest
})

/** So many milliseconds after the watch began; its clock began at 500. */
const at = (milliseconds: number) => ({ running: 500 + milliseconds, wall: began + milliseconds })

const createdEarlier = (milliseconds: number): TaskSnapshot =>
  snapshot({ createdAt: new Date(began - milliseconds) })

describe("a task's age", () => {
  it("is that of its watch where the vendor tells no creation", () => {
    expect(ageAt(startTimes(500), at(7000), undefined)).toBe(7000)
    expect(ageAt(startTimes(500), at(7000), snapshot())).toBe(7000)
  })

  it("is counted from its creation, and never less than its watch", () => {
    expect(ageAt(startTimes(500), at(7000), createdEarlier(60_000))).toBe(67_000)
    expect(ageAt(startTimes(500), at(7000), createdEarlier(-60_000))).toBe(7000)
  })
})

describe("what a watch has found out", () => {
  const watched = (first: TaskSnapshot, seconds: ReadonlyArray<number>) => {
    const time = startTimes(500)
    for (const each of seconds) recordResponse(time, at(each * 1000), first)
    return time
  }

  it("begins at the age at which a wait that began late saw the task first", () => {
    const last = createdEarlier(60_000)
    expect(
      observedSpan(watched(last, [1, 10, 20]), at(25_000), last, snapshot({ status: "failed" }))
    ).toEqual({
      from: 61_000,
      after: 80_000,
      by: 85_000,
      reckoned: undefined
    })
  })

  it("is the vendor's own length where that lies between the last two answers", () => {
    const last = createdEarlier(60_000)
    const end = (length: number): TaskSnapshot =>
      snapshot({
        status: "succeeded",
        createdAt: last.createdAt,
        completedAt: new Date(began - 60_000 + length)
      })
    const spanUntil = (length: number) => observedSpan(watched(last, [1, 20]), at(25_000), last, end(length))
    expect(spanUntil(83_000)).toMatchObject({ after: 83_000, by: 83_000 })
    // A clock that goes wrong.
    expect(spanUntil(79_000)).toMatchObject({ after: 80_000, by: 85_000 })
    expect(spanUntil(86_000)).toMatchObject({ after: 80_000, by: 85_000 })
    expect(spanUntil(-1)).toMatchObject({ after: 80_000, by: 85_000 })
    for (const rest of [{ createdAt: null }, { completedAt: null }])
      expect(
        observedSpan(watched(last, [1, 20]), at(25_000), last, { ...end(83_000), ...rest })
      ).toMatchObject({
        after: 80_000,
        by: 85_000
      })
  })

  it("is nothing where the task had ended when it was first asked about", () => {
    expect(
      observedSpan(startTimes(500), at(100), undefined, snapshot({ status: "succeeded" }))
    ).toBeUndefined()
  })

  it("is reckoned from a quarter up to nearly all, and from no age of nothing", () => {
    const reckoned = (progress: number, second: number) =>
      watched(snapshot({ progress, createdAt: new Date(began) }), [second]).estimatedTotal
    expect([0.24, 0.25, 0.95, 0.96].map((progress) => reckoned(progress, 10))).toEqual([
      undefined,
      40_000,
      10_000 / 0.95,
      undefined
    ])
    expect(reckoned(0.5, 0)).toBeUndefined()
  })
})

describe("the group of a task", () => {
  const question = (ref: string): TaskQuery =>
    ({
      ref,
      account: { spec: { id: "jimmy" }, name: "films", baseUrl: new URL("https://relay.example.com:8443/v1") }
    }) as unknown as TaskQuery

  it("is its account, its host and its model", () => {
    expect(durationKey(question("jimmy@films:1?kind=video"), snapshot({ model: "sora-2" }))).toBe(
      "jimmy@films relay.example.com:8443 sora-2"
    )
  })

  it("has the ref's hints in place of a model that is not known", () => {
    expect(durationKey(question("jimmy@films:1?kind=video"), undefined)).toBe(
      "jimmy@films relay.example.com:8443 ?kind=video"
    )
    expect(durationKey(question("jimmy@films:1"), snapshot())).toBe("jimmy@films relay.example.com:8443 ")
  })

  it("does not grow with what a vendor calls a model", () => {
    expect(durationKey(question("jimmy@films:1"), snapshot({ model: "m".repeat(5000) })).length).toBeLessThan(
      150
    )
  })
})

import { describe, expect, it } from "vitest"
import type { TaskSnapshot } from "@gentask/core"
import type { TaskQuery } from "../../src/exchange/TaskQuery.ts"
import { durationKey } from "../../src/polling/durationKey.ts"
import { ageAt, observedSpan, recordResponse, startTimes } from "../../src/polling/observedDuration.ts"
import { makeSnapshot } from "../support/snapshot.ts"

/** When polling starts, on the wall clock and on the monotonic clock. */
const wallStart = Date.parse("2026-01-01T00:00:00Z")
const monotonicStart = 500

const snapshot = (fields: Partial<TaskSnapshot> = {}): TaskSnapshot =>
  makeSnapshot({ status: "running", rawStatus: null, ...fields })

/** The given number of milliseconds after polling started. */
const after = (ms: number) => ({ monotonic: monotonicStart + ms, wall: wallStart + ms })

/** A snapshot of a task that was created the given number of milliseconds before polling started. */
const createdBefore = (ms: number): TaskSnapshot => snapshot({ createdAt: new Date(wallStart - ms) })

describe("ageAt", () => {
  it("returns the time since polling started if the vendor reports no creation", () => {
    expect(ageAt(startTimes(monotonicStart), after(7000), undefined)).toBe(7000)
    expect(ageAt(startTimes(monotonicStart), after(7000), snapshot())).toBe(7000)
  })

  it("returns the time since creation, but not less than the time since polling started", () => {
    expect(ageAt(startTimes(monotonicStart), after(7000), createdBefore(60_000))).toBe(67_000)
    expect(ageAt(startTimes(monotonicStart), after(7000), createdBefore(-60_000))).toBe(7000)
  })
})

/** The times of a task that was polled at these seconds, with the same response each time. */
const polledAt = (seconds: ReadonlyArray<number>, response: TaskSnapshot) => {
  const times = startTimes(monotonicStart)
  for (const second of seconds) recordResponse(times, after(second * 1000), response)
  return times
}

describe("observedSpan", () => {
  it("begins at the age at the first response if the task was created before polling started", () => {
    const last = createdBefore(60_000)
    const times = polledAt([1, 10, 20], last)
    expect(observedSpan(times, after(25_000), last, snapshot({ status: "failed" }))).toStrictEqual({
      fromMs: 61_000,
      afterMs: 80_000,
      byMs: 85_000,
      estimatedTotalMs: undefined
    })
  })

  it("uses the vendor's own duration only if it lies between the last two responses", () => {
    const last = createdBefore(60_000)
    const end = (durationMs: number): TaskSnapshot =>
      snapshot({
        status: "succeeded",
        createdAt: last.createdAt,
        completedAt: new Date(wallStart - 60_000 + durationMs)
      })
    const spanOf = (end: TaskSnapshot) => observedSpan(polledAt([1, 20], last), after(25_000), last, end)
    expect(spanOf(end(83_000))).toMatchObject({ afterMs: 83_000, byMs: 83_000 })
    for (const durationMs of [79_000, 86_000, -1])
      expect(spanOf(end(durationMs))).toMatchObject({ afterMs: 80_000, byMs: 85_000 })
    for (const missing of [{ createdAt: null }, { completedAt: null }])
      expect(spanOf({ ...end(83_000), ...missing })).toMatchObject({ afterMs: 80_000, byMs: 85_000 })
  })

  it("is undefined if the task had already ended at the first response", () => {
    const times = startTimes(monotonicStart)
    expect(observedSpan(times, after(100), undefined, snapshot({ status: "succeeded" }))).toBeUndefined()
  })
})

describe("the estimated total", () => {
  it("is estimated from a progress of 0.25 to 0.95, and not at the age 0", () => {
    const estimate = (progress: number, second: number) =>
      polledAt([second], snapshot({ progress, createdAt: new Date(wallStart) })).estimatedTotalMs
    expect([0.24, 0.25, 0.95, 0.96].map((progress) => estimate(progress, 10))).toEqual([
      undefined,
      40_000,
      10_000 / 0.95,
      undefined
    ])
    expect(estimate(0.5, 0)).toBeUndefined()
  })
})

describe("durationKey", () => {
  const query = (ref: string): TaskQuery =>
    ({
      ref,
      account: { spec: { id: "jimmy" }, name: "films", baseUrl: new URL("https://relay.example.com:8443/v1") }
    }) as unknown as TaskQuery

  it("contains the account, the host and the model", () => {
    expect(durationKey(query("jimmy@films:1?kind=video"), snapshot({ model: "sora-2" }))).toBe(
      "jimmy@films relay.example.com:8443 sora-2"
    )
  })

  it("contains the params of the ref while the model is unknown", () => {
    expect(durationKey(query("jimmy@films:1?kind=video"), undefined)).toBe(
      "jimmy@films relay.example.com:8443 ?kind=video"
    )
    expect(durationKey(query("jimmy@films:1"), snapshot())).toBe("jimmy@films relay.example.com:8443 ")
  })

  it("has a limited length", () => {
    const key = durationKey(query("jimmy@films:1"), snapshot({ model: "m".repeat(5000) }))
    expect(key.length).toBeLessThan(150)
  })
})

/** When a submit is repeated, how often and after which delay. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "@effect/vitest"
import { ConfigurationError } from "../../src/account/ConfigurationError.ts"
import type { ErrorReason } from "../../src/provider/ErrorReason.ts"
import type { Idempotency } from "../../src/provider/SubmitOperation.ts"
import { accepted, rejected, retryable, unknownOutcome } from "../../src/provider/SubmitOutcome.ts"
import { sendSteps } from "../support/sendSteps.ts"
import type { Step } from "../support/sendSteps.ts"

const limited = (retryAfterMs?: number): ErrorReason => ({ _tag: "RateLimited", retryAfterMs })
const broken: ErrorReason = { _tag: "Unavailable", httpStatus: 502 }

describe("a request that surely was not sent", () => {
  it.effect("is repeated with growing delays, five times in total, and then there is no task", () =>
    Effect.gen(function* () {
      const { times, outcome, progress } = yield* sendSteps(["not-sent"])
      expect(times).toEqual([0, 1000, 3000, 7000, 15_000])
      expect(outcome).toBe("Rejected")
      expect(progress).toEqual({ mayHaveTask: false, attempts: 5 })
    })
  )

  it.effect("is followed by one that is accepted", () =>
    Effect.gen(function* () {
      expect(yield* sendSteps(["not-sent", accepted({ id: "1" })])).toMatchObject({
        times: [0, 1000],
        outcome: "Accepted"
      })
    })
  )
})

describe("an ambiguous request", () => {
  it.effect.each<[string, Step, Idempotency["kind"] | undefined]>([
    ["without a key", "lost", undefined],
    ["without a key", unknownOutcome(broken), undefined],
    ["with a key that the vendor rejects", "lost", "reject-duplicate"]
  ])("%s is never repeated", ([, step, kind]) =>
    Effect.gen(function* () {
      const { times, outcome, progress } = yield* sendSteps([step, accepted({ id: "2" })], kind && { kind })
      expect(times).toEqual([0])
      expect(outcome).toBe("UnknownOutcome")
      expect(progress).toEqual({ mayHaveTask: true, attempts: 1 })
    })
  )

  it.effect("with a key that the vendor replays is repeated three times", () =>
    Effect.gen(function* () {
      const { times, outcome } = yield* sendSteps(["lost"], { kind: "replay" })
      expect(times).toEqual([0, 1000, 3000, 7000])
      expect(outcome).toBe("UnknownOutcome")
    })
  )

  it.effect("is repeated once only by reconcile", () =>
    Effect.gen(function* () {
      expect((yield* sendSteps(["lost"], { kind: "replay", once: true })).times).toEqual([0])
    })
  )

  it.effect("is not repeated more often because of a rate limit in between", () =>
    Effect.gen(function* () {
      const { times, outcome } = yield* sendSteps(["lost", retryable(limited(1000))], { kind: "replay" })
      expect(times).toHaveLength(4)
      expect(outcome).toBe("UnknownOutcome")
    })
  )

  it.effect("is not repeated when the vendor may have forgotten the key", () =>
    Effect.gen(function* () {
      const { times, outcome } = yield* sendSteps(
        ["lost", retryable(limited(11 * 60_000)), accepted({ id: "2" })],
        {
          kind: "replay"
        }
      )
      expect(times).toEqual([0, 1000])
      expect(outcome).toBe("UnknownOutcome")
    })
  )

  it.effect(
    "is not sent again after it waited for the rate limit until the vendor may have forgotten the key",
    () =>
      Effect.gen(function* () {
        const { times, outcome } = yield* sendSteps(["lost", "queued"], { kind: "replay" })
        expect(times).toEqual([0, 1000])
        expect(outcome).toBe("UnknownOutcome")
      })
  )

  it.effect("is repeated for ten minutes from its own start, and not from that of the submit", () =>
    Effect.gen(function* () {
      const steps = [retryable(limited(15 * 60_000)), "lost", accepted({ id: "1" })] as const
      const { times, outcome } = yield* sendSteps(steps, { kind: "replay" })
      expect(times).toEqual([0, 900_000, 902_000])
      expect(outcome).toBe("Accepted")
    })
  )

  it.effect("stays ambiguous if the repeated request is rejected or cannot be sent", () =>
    Effect.gen(function* () {
      const { outcome } = yield* sendSteps(["lost", rejected(broken)], { kind: "replay" })
      expect(outcome).toBe("UnknownOutcome")
      expect((yield* sendSteps(["lost", "not-sent"], { kind: "replay" })).outcome).toBe("UnknownOutcome")
      const error = new ConfigurationError({ reason: { _tag: "MissingLedger" }, message: "no key" })
      expect((yield* sendSteps(["lost", error], { kind: "replay" })).outcome).toBe("UnknownOutcome")
    })
  )
})

describe("a rejection", () => {
  it.effect("that may be repeated is repeated after Retry-After", () =>
    Effect.gen(function* () {
      const { times, outcome, progress } = yield* sendSteps([retryable(limited(9000)), accepted({ id: "1" })])
      expect(times).toEqual([0, 9000])
      expect(outcome).toBe("Accepted")
      expect(progress.attempts).toBe(2)
    })
  )

  it.effect("that may be repeated is repeated for half an hour", () =>
    Effect.gen(function* () {
      const { times, outcome, progress } = yield* sendSteps([retryable(limited())])
      expect(times.at(-1)).toBeLessThanOrEqual(30 * 60_000)
      expect(times.at(-1)).toBeGreaterThan(28 * 60_000)
      expect(outcome).toBe("Rejected")
      expect(progress.mayHaveTask).toBe(false)
    })
  )

  it.effect("is final if the vendor requires a delay of an hour", () =>
    Effect.gen(function* () {
      expect(yield* sendSteps([retryable(limited(3_600_000))])).toMatchObject({
        times: [0],
        outcome: "Rejected"
      })
    })
  )

  it.effect("without documentation is never repeated", () =>
    Effect.gen(function* () {
      const { times, progress } = yield* sendSteps([rejected(limited(1000))], { kind: "replay" })
      expect(times).toEqual([0])
      expect(progress.mayHaveTask).toBe(false)
    })
  )

  it.effect("because of too many tasks is repeated as soon as a task has ended", () =>
    Effect.gen(function* () {
      const steps = [retryable(limited(), "after-task-end"), accepted({ id: "1" })] as const
      expect((yield* sendSteps(steps, { taskEnd: Effect.sleep(4000) })).times).toEqual([0, 4000])
    })
  )

  it.effect("because of too many tasks is repeated every 30 seconds otherwise", () =>
    Effect.gen(function* () {
      const full = retryable(limited(), "after-task-end")
      expect((yield* sendSteps([full, full, accepted({ id: "1" })])).times).toEqual([0, 30_000, 60_000])
    })
  )
})

describe("an abort", () => {
  it.effect.each<[string, ReadonlyArray<Step>, boolean]>([
    ["while the request is under way may leave a task", ["hangs"], true],
    ["while the request waits for the rate limit leaves no task", ["queued"], false],
    ["between two attempts that were not sent leaves no task", ["not-sent"], false],
    ["after a rejection leaves no task", [retryable(limited(60_000))], false]
  ])("%s", ([, steps, mayHaveTask]) =>
    Effect.gen(function* () {
      const { outcome, progress } = yield* sendSteps(steps, { aborted: Effect.sleep(500) })
      expect(outcome).toBe("Aborted")
      expect(progress.mayHaveTask).toBe(mayHaveTask)
    })
  )

  it.effect("between two replays may leave a task", () =>
    Effect.gen(function* () {
      const { progress } = yield* sendSteps(["lost", "not-sent"], {
        kind: "replay",
        aborted: Effect.sleep(1500)
      })
      expect(progress.mayHaveTask).toBe(true)
    })
  )

  it.effect("before the first request sends nothing", () =>
    Effect.gen(function* () {
      expect(yield* sendSteps([accepted({ id: "1" })], { aborted: Effect.void })).toMatchObject({
        times: [],
        outcome: "Aborted"
      })
    })
  )
})

it.effect("an account that cannot send leaves no task", () =>
  Effect.gen(function* () {
    const error = new ConfigurationError({ reason: { _tag: "MissingLedger" }, message: "no key" })
    const { outcome, progress } = yield* sendSteps([error])
    expect(outcome).toBe("Failure")
    expect(progress.mayHaveTask).toBe(false)
  })
)

describe("a request that the rate limit does not permit in time", () => {
  it.effect.each([true, false])("is not sent (once: %s)", (once) =>
    Effect.gen(function* () {
      const sent = yield* sendSteps(["queued"], { once, sendBefore: 60_000 })
      expect(sent).toMatchObject({ outcome: "Rejected", progress: { mayHaveTask: false } })
      expect(sent.times).toEqual([0])
    })
  )
})

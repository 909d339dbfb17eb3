/** When a submit is repeated, how often and after which delay. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Clock from "effect/Clock"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "@effect/vitest"
import { ConfigurationError } from "../../src/account/ConfigurationError.ts"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import type { ErrorReason } from "../../src/provider/ErrorReason.ts"
import { configureAccount } from "../../src/provider/ProviderAccount.ts"
import type { Idempotency, SubmitOperation } from "../../src/provider/SubmitOperation.ts"
import { accepted, rejected, retryable, unknownOutcome } from "../../src/provider/SubmitOutcome.ts"
import type { SubmitOutcome } from "../../src/provider/SubmitOutcome.ts"
import { steadyNow } from "../../src/submit/steadyNow.ts"
import { sendSubmit } from "../../src/submit/sendSubmit.ts"
import type { SendProgress } from "../../src/submit/sendSubmit.ts"
import type { Post, SendFailure, SubmitContext } from "../../src/submit/SubmitContext.ts"
import { acme } from "../support/acme.ts"

const account = resolveAccount(configureAccount(acme, { apiKey: "sk-acme-secret" }))
const limited = (retryAfterMs?: number): ErrorReason => ({ _tag: "RateLimited", retryAfterMs })
const broken: ErrorReason = { _tag: "Unavailable", httpStatus: 502 }
const unreachable: ErrorReason = { _tag: "Unreachable", code: "ECONNREFUSED" }

/** What one request leads to. `hangs` never responds, and `queued` waits for the rate limit forever. */
type Step = SubmitOutcome | "not-sent" | "lost" | "hangs" | "queued" | ConfigurationError

const failure = (delivery: SendFailure["delivery"]): SendFailure => ({
  _tag: "SendFailure",
  reason: unreachable,
  delivery
})

const operationOf = (kind?: Idempotency["kind"]): SubmitOperation<unknown, unknown> => ({
  supportedInputs: () => [],
  toInput: () => ({}),
  request: () => ({ method: "POST", path: "/tasks" }),
  response: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  // The body of a response is its outcome.
  decode: (body) => body as SubmitOutcome,
  ...(kind === undefined ? {} : { idempotency: () => ({ kind, docs: "https://acme.example" }) })
})

interface Options {
  readonly kind?: Idempotency["kind"]
  readonly once?: boolean
  readonly aborted?: Effect.Effect<void>
  readonly taskEnd?: Effect.Effect<void>
  readonly sendBefore?: number
}

/** Sends a submit whose requests lead to these steps. The last one repeats. `times` has the time of each request. */
const send = (
  steps: ReadonlyArray<Step>,
  { kind, once, aborted, taskEnd, sendBefore = 12 * 60 * 60_000 }: Options = {}
) =>
  Effect.gen(function* () {
    const times: Array<number> = []
    const progress: SendProgress = { mayHaveTask: false, attempts: 0 }
    const post: Post = (onSend, onPermit) =>
      Effect.gen(function* () {
        const step = steps[Math.min(times.length, steps.length - 1)] ?? "lost"
        times.push(yield* Clock.currentTimeMillis)
        if (step === "queued") return yield* Effect.never
        const refusal = onPermit()
        if (refusal !== undefined) return yield* Effect.fail(refusal)
        if (step === "not-sent") return yield* Effect.fail(failure("not-sent"))
        if (step instanceof ConfigurationError) return yield* Effect.fail(step)
        onSend()
        if (step === "lost") return yield* Effect.fail(failure("maybe-sent"))
        if (step === "hangs") return yield* Effect.never
        const text = JSON.stringify(step)
        return { status: 200, headers: {}, text, at: 0, secrets: "sk-acme-secret" }
      })
    const context: SubmitContext = {
      account,
      ledger: undefined,
      exchange: undefined as never,
      taskEnd: taskEnd ?? Effect.never,
      aborted: aborted ?? Effect.never,
      random: () => 0.5,
      owner: "owner",
      isSubmitting: () => false
    }
    const operation = operationOf(kind)
    const request = { model: "m", input: {}, idempotencyKey: "k" }
    const fiber = yield* Effect.forkChild(
      sendSubmit(context, {
        operation,
        request,
        post,
        now: steadyNow(yield* Clock.Clock),
        sendBefore,
        progress,
        once,
        restore: (effect) => effect
      })
    )
    yield* TestClock.adjust("2 hours")
    const pending = fiber.pollUnsafe() === undefined
    const result = pending ? undefined : yield* Effect.exit(Fiber.join(fiber))
    const value = result?._tag === "Success" ? result.value : undefined
    const outcome = value?._tag === "Outcome" ? value.outcome._tag : (value?._tag ?? result?._tag)
    return { times, progress, outcome, value }
  })

describe("a request that surely was not sent", () => {
  it.effect("is repeated with growing delays, five times in total, and then there is no task", () =>
    Effect.gen(function* () {
      const { times, outcome, progress } = yield* send(["not-sent"])
      expect(times).toEqual([0, 1000, 3000, 7000, 15_000])
      expect(outcome).toBe("Rejected")
      expect(progress).toEqual({ mayHaveTask: false, attempts: 5 })
    })
  )

  it.effect("is followed by one that is accepted", () =>
    Effect.gen(function* () {
      expect(yield* send(["not-sent", accepted({ id: "1" })])).toMatchObject({
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
      const { times, outcome, progress } = yield* send([step, accepted({ id: "2" })], kind && { kind })
      expect(times).toEqual([0])
      expect(outcome).toBe("UnknownOutcome")
      expect(progress).toEqual({ mayHaveTask: true, attempts: 1 })
    })
  )

  it.effect("with a key that the vendor replays is repeated three times", () =>
    Effect.gen(function* () {
      const { times, outcome } = yield* send(["lost"], { kind: "replay" })
      expect(times).toEqual([0, 1000, 3000, 7000])
      expect(outcome).toBe("UnknownOutcome")
    })
  )

  it.effect("is repeated once only by reconcile", () =>
    Effect.gen(function* () {
      expect((yield* send(["lost"], { kind: "replay", once: true })).times).toEqual([0])
    })
  )

  it.effect("is not repeated more often because of a rate limit in between", () =>
    Effect.gen(function* () {
      const { times, outcome } = yield* send(["lost", retryable(limited(1000))], { kind: "replay" })
      expect(times).toHaveLength(4)
      expect(outcome).toBe("UnknownOutcome")
    })
  )

  it.effect("is not repeated when the vendor may have forgotten the key", () =>
    Effect.gen(function* () {
      const { times, outcome } = yield* send(
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
        const { times, outcome } = yield* send(["lost", "queued"], { kind: "replay" })
        expect(times).toEqual([0, 1000])
        expect(outcome).toBe("UnknownOutcome")
      })
  )

  it.effect("is repeated for ten minutes from its own start, and not from that of the submit", () =>
    Effect.gen(function* () {
      const steps = [retryable(limited(15 * 60_000)), "lost", accepted({ id: "1" })] as const
      const { times, outcome } = yield* send(steps, { kind: "replay" })
      expect(times).toEqual([0, 900_000, 902_000])
      expect(outcome).toBe("Accepted")
    })
  )

  it.effect("stays ambiguous if the repeated request is rejected or cannot be sent", () =>
    Effect.gen(function* () {
      const { outcome } = yield* send(["lost", rejected(broken)], { kind: "replay" })
      expect(outcome).toBe("UnknownOutcome")
      expect((yield* send(["lost", "not-sent"], { kind: "replay" })).outcome).toBe("UnknownOutcome")
      const error = new ConfigurationError({ reason: { _tag: "MissingLedger" }, message: "no key" })
      expect((yield* send(["lost", error], { kind: "replay" })).outcome).toBe("UnknownOutcome")
    })
  )
})

describe("a rejection", () => {
  it.effect("that may be repeated is repeated after Retry-After", () =>
    Effect.gen(function* () {
      const { times, outcome, progress } = yield* send([retryable(limited(9000)), accepted({ id: "1" })])
      expect(times).toEqual([0, 9000])
      expect(outcome).toBe("Accepted")
      expect(progress.attempts).toBe(2)
    })
  )

  it.effect("that may be repeated is repeated for half an hour", () =>
    Effect.gen(function* () {
      const { times, outcome, progress } = yield* send([retryable(limited())])
      expect(times.at(-1)).toBeLessThanOrEqual(30 * 60_000)
      expect(times.at(-1)).toBeGreaterThan(28 * 60_000)
      expect(outcome).toBe("Rejected")
      expect(progress.mayHaveTask).toBe(false)
    })
  )

  it.effect("is final if the vendor requires a delay of an hour", () =>
    Effect.gen(function* () {
      expect(yield* send([retryable(limited(3_600_000))])).toMatchObject({ times: [0], outcome: "Rejected" })
    })
  )

  it.effect("without documentation is never repeated", () =>
    Effect.gen(function* () {
      const { times, progress } = yield* send([rejected(limited(1000))], { kind: "replay" })
      expect(times).toEqual([0])
      expect(progress.mayHaveTask).toBe(false)
    })
  )

  it.effect("because of too many tasks is repeated as soon as a task has ended", () =>
    Effect.gen(function* () {
      const steps = [retryable(limited(), "after-task-end"), accepted({ id: "1" })] as const
      expect((yield* send(steps, { taskEnd: Effect.sleep(4000) })).times).toEqual([0, 4000])
    })
  )

  it.effect("because of too many tasks is repeated every 30 seconds otherwise", () =>
    Effect.gen(function* () {
      const full = retryable(limited(), "after-task-end")
      expect((yield* send([full, full, accepted({ id: "1" })])).times).toEqual([0, 30_000, 60_000])
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
      const { outcome, progress } = yield* send(steps, { aborted: Effect.sleep(500) })
      expect(outcome).toBe("Aborted")
      expect(progress.mayHaveTask).toBe(mayHaveTask)
    })
  )

  it.effect("between two replays may leave a task", () =>
    Effect.gen(function* () {
      const { progress } = yield* send(["lost", "not-sent"], { kind: "replay", aborted: Effect.sleep(1500) })
      expect(progress.mayHaveTask).toBe(true)
    })
  )

  it.effect("before the first request sends nothing", () =>
    Effect.gen(function* () {
      expect(yield* send([accepted({ id: "1" })], { aborted: Effect.void })).toMatchObject({
        times: [],
        outcome: "Aborted"
      })
    })
  )
})

it.effect("an account that cannot send leaves no task", () =>
  Effect.gen(function* () {
    const error = new ConfigurationError({ reason: { _tag: "MissingLedger" }, message: "no key" })
    const { outcome, progress } = yield* send([error])
    expect(outcome).toBe("Failure")
    expect(progress.mayHaveTask).toBe(false)
  })
)

describe("a request that the rate limit does not permit in time", () => {
  it.effect.each([true, false])("is not sent (once: %s)", (once) =>
    Effect.gen(function* () {
      const sent = yield* send(["queued"], { once, sendBefore: 60_000 })
      expect(sent).toMatchObject({ outcome: "Rejected", progress: { mayHaveTask: false } })
      expect(sent.times).toEqual([0])
    })
  )
})

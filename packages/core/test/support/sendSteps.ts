/** Sends a submit whose requests lead to scripted steps. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { ConfigurationError } from "../../src/account/ConfigurationError.ts"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import type { ErrorReason } from "../../src/provider/ErrorReason.ts"
import { configureAccount } from "../../src/provider/ProviderAccount.ts"
import type { Idempotency, SubmitOperation } from "../../src/provider/SubmitOperation.ts"
import type { SubmitOutcome } from "../../src/provider/SubmitOutcome.ts"
import { sendSubmit } from "../../src/submit/sendSubmit.ts"
import type { SendProgress } from "../../src/submit/sendSubmit.ts"
import { steadyNow } from "../../src/submit/steadyNow.ts"
import type { Post, SendFailure, SubmitContext } from "../../src/submit/SubmitContext.ts"
import { acme } from "./acme.ts"

const account = resolveAccount(configureAccount(acme, { apiKey: "sk-acme-secret" }))
const unreachable: ErrorReason = { _tag: "Unreachable", code: "ECONNREFUSED" }

/** What one request leads to. `hangs` never responds, and `queued` waits for the rate limit forever. */
export type Step = SubmitOutcome | "not-sent" | "lost" | "hangs" | "queued" | ConfigurationError

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
export const sendSteps = (
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

/** Sends a submit until it has an outcome. Repeats it only where that cannot create a second task. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { FileSource } from "../exchange/FileSource.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import type { SubmitOperation, SubmitRequest } from "../provider/SubmitOperation.ts"
import type { SubmitOutcome } from "../provider/SubmitOutcome.ts"
import { decodeSubmit } from "./decodeSubmit.ts"
import type { SendFailure, SubmitContext } from "./SubmitContext.ts"

/** How a submit ended: with what the vendor said, or because the caller aborted it. */
export type SendResult =
  | { readonly _tag: "Outcome"; readonly outcome: SubmitOutcome; readonly attempts: number }
  /** `mayHaveBeenSent` is false only if the vendor surely received nothing. */
  | { readonly _tag: "Aborted"; readonly mayHaveBeenSent: boolean; readonly attempts: number }

/** Attempts whose request surely was not sent. With the delays below, they take about 15 seconds. */
const maxUnsent = 5

/** How often a request with an idempotency key is sent again after an unknown outcome. */
const maxReplays = 3

/** How long a request with an idempotency key may be sent again, in milliseconds. Vendors do not say how long they know a key. */
export const replayWindowMs = 10 * 60_000

/** How long rejections that may be repeated are repeated, in milliseconds. */
const maxRetryMs = 30 * 60_000

/** How often to try again while waiting for another task to end, in milliseconds. */
const taskEndCheckMs = 30_000

const firstDelayMs = 1000
const maxDelayMs = 60_000

/** What happens after one attempt. */
type Attempt =
  | { readonly _tag: "Decoded"; readonly outcome: SubmitOutcome }
  | { readonly _tag: "NotSent"; readonly reason: ErrorReason }

const toAttempt = (failure: SendFailure): Attempt =>
  failure.delivery === "not-sent"
    ? { _tag: "NotSent", reason: failure.reason }
    : { _tag: "Decoded", outcome: { _tag: "UnknownOutcome", reason: failure.reason } }

const retryAfterOf = (reason: ErrorReason): number =>
  "retryAfterMs" in reason && reason.retryAfterMs !== undefined ? reason.retryAfterMs : 0

/** Counts the attempts of one submit, and decides whether another follows. */
class Attempts {
  count = 0
  #unsent = 0
  #replays = 0
  readonly #startedAt: number
  readonly #canReplay: boolean

  constructor(canReplay: boolean, startedAt: number) {
    this.#canReplay = canReplay
    this.#startedAt = startedAt
  }

  /** Returns the delay before the next attempt in milliseconds, or undefined if there is none. */
  delayAfter(attempt: Attempt, now: number, random: number): number | undefined {
    const backoff = Math.min(maxDelayMs, firstDelayMs * 2 ** (this.count - 1)) * (0.75 + random / 2)
    const elapsed = now - this.#startedAt
    if (attempt._tag === "NotSent") {
      this.#unsent += 1
      return this.#unsent < maxUnsent ? backoff : undefined
    }
    const { outcome } = attempt
    if (outcome._tag === "Retryable") {
      const delay = Math.max(backoff, retryAfterOf(outcome.reason))
      return elapsed + delay <= maxRetryMs ? delay : undefined
    }
    if (outcome._tag !== "UnknownOutcome" || !this.#canReplay) return undefined
    this.#replays += 1
    const delay = Math.max(backoff, retryAfterOf(outcome.reason))
    return this.#replays <= maxReplays && elapsed + delay <= replayWindowMs ? delay : undefined
  }
}

const toOutcome = (attempt: Attempt): SubmitOutcome => {
  if (attempt._tag === "NotSent") return { _tag: "Rejected", reason: attempt.reason }
  const { outcome } = attempt
  return outcome._tag === "Retryable" ? { _tag: "Rejected", reason: outcome.reason } : outcome
}

/**
 * Sends a submit. The caller's abort takes effect at once. An interruption of the fiber takes effect only while a request
 * is sent or between two attempts, so that a response is never lost.
 */
export const sendSubmit = (
  context: SubmitContext,
  operation: SubmitOperation<unknown, unknown>,
  request: SubmitRequest,
  spec: RequestSpec,
  files: FileSource,
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
): Effect.Effect<SendResult, ConfigurationError> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const now = (): number => clock.currentTimeMillisUnsafe()
    const attempts = new Attempts(operation.idempotency?.(context.account.settings)?.kind === "replay", now())
    let mayHaveBeenSent = false
    let isUnderWay = false
    const onStart = (): void => {
      isUnderWay = true
    }
    const aborted = Effect.as(context.aborted, undefined)

    const post: Effect.Effect<Attempt, ConfigurationError> = Effect.matchEffect(
      context.exchange.post(spec, files, onStart),
      {
        onSuccess: (response) =>
          Effect.succeed<Attempt>({
            _tag: "Decoded",
            outcome: decodeSubmit(operation, request, response)
          }),
        onFailure: (failure) =>
          failure._tag === "SendFailure" ? Effect.succeed(toAttempt(failure)) : Effect.fail(failure)
      }
    )

    for (;;) {
      attempts.count += 1
      isUnderWay = false
      const attempt = yield* restore(Effect.raceFirst(post, aborted))
      if (attempt === undefined)
        return { _tag: "Aborted", mayHaveBeenSent: mayHaveBeenSent || isUnderWay, attempts: attempts.count }
      if (attempt._tag === "Decoded" && attempt.outcome._tag === "UnknownOutcome") mayHaveBeenSent = true
      const delay = attempts.delayAfter(attempt, now(), context.random())
      if (delay === undefined) {
        const outcome = toOutcome(attempt)
        // A rejection of a repeated request says nothing about the request before.
        const isCertain = !mayHaveBeenSent || outcome._tag === "Accepted"
        return {
          _tag: "Outcome",
          outcome:
            isCertain || outcome._tag !== "Rejected" ? outcome : { ...outcome, _tag: "UnknownOutcome" },
          attempts: attempts.count
        }
      }
      const isFull =
        attempt._tag === "Decoded" &&
        attempt.outcome._tag === "Retryable" &&
        attempt.outcome.when === "after-task-end"
      const pause = isFull
        ? Effect.raceFirst(context.taskEnd, Effect.sleep(Math.max(delay, taskEndCheckMs)))
        : Effect.sleep(delay)
      const rested = yield* restore(Effect.raceFirst(Effect.as(pause, "rested" as const), aborted))
      if (rested === undefined) return { _tag: "Aborted", mayHaveBeenSent, attempts: attempts.count }
    }
  })

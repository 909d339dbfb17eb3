/** Sends a submit until it has an outcome. Repeats it only where that cannot create a second task. */
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SubmitOperation, SubmitRequest } from "../provider/SubmitOperation.ts"
import type { SubmitOutcome } from "../provider/SubmitOutcome.ts"
import { decodeSubmit } from "./decodeSubmit.ts"
import { SubmitAttempts } from "./SubmitAttempts.ts"
import type { Attempt } from "./SubmitAttempts.ts"
import type { Post, SendFailure, SubmitContext } from "./SubmitContext.ts"

/** How a submit ended: with what the vendor said, or because the caller aborted it. */
export type SendResult =
  | { readonly _tag: "Outcome"; readonly outcome: SubmitOutcome }
  | { readonly _tag: "Aborted" }

/** What has been sent so far. Also valid if the submit was interrupted or has failed. */
export interface SendProgress {
  /** False only if the vendor surely created no task. */
  mayHaveTask: boolean
  /** How many requests were sent or tried. */
  attempts: number
}

/** What to send. */
export interface SendOptions {
  readonly operation: SubmitOperation<unknown, unknown>
  readonly request: SubmitRequest
  readonly post: Post
  /** Returns the time in milliseconds. It never goes back, and continues while the machine sleeps. */
  readonly now: () => number
  /** When to give up if nothing was sent by then. A process may be suspended at any time, and continue days later. */
  readonly sendBefore: number
  /** Updated while the submit is sent. */
  readonly progress: SendProgress
  /** Whether to send the request once only, whatever the response is. @default false */
  readonly once?: boolean | undefined
  /** Makes an effect interruptible. */
  readonly restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** How often to try again while waiting for another task to end, in milliseconds. */
const taskEndCheckMs = 30_000

const expiredReason: ErrorReason = {
  _tag: "RequestTimedOut",
  message: "The rate limit did not permit to send the request in time, or the process was suspended"
}

const expired: Attempt = { _tag: "NotSent", reason: expiredReason }

const notPermitted: SendFailure = { _tag: "SendFailure", reason: expiredReason, delivery: "not-sent" }

const reasonOf = (error: ConfigurationError): ErrorReason => ({
  _tag: "InvalidRequest",
  message: error.message
})

const toOutcome = (attempt: Exclude<Attempt, { readonly _tag: "Failed" }>): SubmitOutcome => {
  if (attempt._tag === "NotSent") return { _tag: "Rejected", reason: attempt.reason }
  const { outcome } = attempt
  return outcome._tag === "Retryable" ? { _tag: "Rejected", reason: outcome.reason } : outcome
}

/**
 * Sends a submit. An abort takes effect at once. An interruption of the fiber takes effect only while a request is sent or
 * between two attempts, so that a response is never lost.
 */
export const sendSubmit = (
  context: SubmitContext,
  { operation, request, post, now, sendBefore, progress, once = false, restore }: SendOptions
): Effect.Effect<SendResult, ConfigurationError> =>
  Effect.gen(function* () {
    const canReplay = operation.idempotency?.(context.account.settings)?.kind === "replay"
    const attempts = new SubmitAttempts(!once && canReplay, now())
    const aborted = Effect.as(context.aborted, undefined)

    /** A request must not be sent when the vendor may have forgotten its key, or other processes give up this one. */
    const remainingMs = (): number => {
      const at = now()
      return Math.max(0, Math.min(attempts.replayWindowEnd(at), sendBefore - at))
    }

    /** Sends the request once. `progress.mayHaveTask` is true from its first byte on. */
    const attemptOnce = Effect.suspend(() => {
      const wasCertain = !progress.mayHaveTask
      let isSending = false
      const sent = Effect.match(
        post(
          () => {
            isSending = true
            progress.mayHaveTask = true
          },
          () => (remainingMs() === 0 ? notPermitted : undefined)
        ),
        {
          onSuccess: (response): Attempt => ({
            _tag: "Decoded",
            outcome: decodeSubmit(operation, request, response, context.account.spec.errors)
          }),
          onFailure: (failure): Attempt => {
            if (failure._tag !== "SendFailure") return { _tag: "Failed", error: failure }
            const { reason, delivery } = failure
            return delivery === "not-sent"
              ? { _tag: "NotSent", reason }
              : { _tag: "Decoded", outcome: { _tag: "UnknownOutcome", reason } }
          }
        }
      )
      const late = Effect.flatMap(Effect.sleep(remainingMs()), () =>
        isSending ? Effect.never : Effect.succeed(expired)
      )
      return Effect.tap(Effect.raceFirst(sent, late), (attempt) =>
        Effect.sync(() => {
          const isUnknown = attempt._tag === "Decoded" && attempt.outcome._tag === "UnknownOutcome"
          if (wasCertain) progress.mayHaveTask = isUnknown
        })
      )
    })

    for (;;) {
      progress.attempts += 1
      const startedAt = now()
      const attempt = yield* restore(Effect.raceFirst(aborted, attemptOnce))
      if (attempt === undefined) return { _tag: "Aborted" }
      if (attempt._tag === "Failed") {
        if (!progress.mayHaveTask) return yield* Effect.fail(attempt.error)
        return { _tag: "Outcome", outcome: { _tag: "UnknownOutcome", reason: reasonOf(attempt.error) } }
      }
      const isOver = once || remainingMs() === 0
      const delay = isOver ? undefined : attempts.delayAfter(attempt, startedAt, now(), context.random())
      if (delay === undefined) {
        const outcome = toOutcome(attempt)
        // The rejection of a repeated request says nothing about the request before.
        return progress.mayHaveTask && outcome._tag === "Rejected"
          ? { _tag: "Outcome", outcome: { ...outcome, _tag: "UnknownOutcome" } }
          : { _tag: "Outcome", outcome }
      }
      const isFull =
        attempt._tag === "Decoded" &&
        attempt.outcome._tag === "Retryable" &&
        attempt.outcome.when === "after-task-end"
      const pause = isFull
        ? Effect.raceFirst(context.taskEnd, Effect.sleep(Math.max(delay, taskEndCheckMs)))
        : Effect.sleep(delay)
      const rested = yield* restore(Effect.raceFirst(aborted, Effect.as(pause, "rested" as const)))
      if (rested === undefined) return { _tag: "Aborted" }
    }
  })

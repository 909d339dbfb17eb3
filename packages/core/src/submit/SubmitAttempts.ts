import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SubmitOutcome } from "../provider/SubmitOutcome.ts"

/** Attempts whose request surely was not sent. With the delays below, they take about 15 seconds. */
const maxUnsent = 5

/** How often a request with an idempotency key is sent again after an unknown outcome. */
const maxReplays = 3

/**
 * How long a request with an idempotency key may be sent again, in milliseconds. Vendors do not document how long they
 * know a key.
 */
export const replayWindowMs = 10 * 60_000

/** How long rejections that may be repeated are repeated, in milliseconds. */
const maxRetryMs = 30 * 60_000

const firstDelayMs = 1000
const maxDelayMs = 60_000

/** What happened in one attempt. */
export type Attempt =
  | { readonly _tag: "Decoded"; readonly outcome: SubmitOutcome }
  | { readonly _tag: "NotSent"; readonly reason: ErrorReason }
  | { readonly _tag: "Failed"; readonly error: ConfigurationError }

const retryAfterOf = (reason: ErrorReason): number =>
  "retryAfterMs" in reason && reason.retryAfterMs !== undefined ? reason.retryAfterMs : 0

/** Counts the attempts of one submit, and decides whether another follows. */
export class SubmitAttempts {
  readonly #canReplay: boolean
  readonly #startedAt: number
  #count = 0
  #unsent = 0
  #replays = 0
  /** When the first request with an unknown outcome was sent. */
  #ambiguousAt: number | undefined

  /** @param canReplay Whether the vendor documents that a second request with the same key creates no second task. */
  constructor(canReplay: boolean, startedAt: number) {
    this.#canReplay = canReplay
    this.#startedAt = startedAt
  }

  /** How long the request may still be sent again, in milliseconds. Infinite before an unknown outcome. */
  replayWindowEnd(now: number): number {
    return this.#ambiguousAt === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, this.#ambiguousAt + replayWindowMs - now)
  }

  /**
   * Returns the delay before the next attempt in milliseconds, or undefined if there must be none.
   *
   * @param startedAt When the attempt started.
   * @param random A number from 0 to 1.
   */
  delayAfter(
    attempt: Exclude<Attempt, { readonly _tag: "Failed" }>,
    startedAt: number,
    now: number,
    random: number
  ): number | undefined {
    this.#count += 1
    if (!this.#mayRepeat(attempt, startedAt)) return undefined
    const reason =
      attempt._tag === "NotSent" ? attempt.reason : (attempt.outcome as { reason: ErrorReason }).reason
    const backoff = Math.min(maxDelayMs, firstDelayMs * 2 ** (this.#count - 1)) * (0.75 + random / 2)
    const delay = Math.max(backoff, retryAfterOf(reason))
    if (this.#ambiguousAt === undefined)
      return now + delay <= this.#startedAt + maxRetryMs ? delay : undefined
    // Whatever the last response was, each further request repeats one that may have created the task.
    if (this.#replays >= maxReplays || delay > this.replayWindowEnd(now)) return undefined
    this.#replays += 1
    return delay
  }

  #mayRepeat(attempt: Exclude<Attempt, { readonly _tag: "Failed" }>, startedAt: number): boolean {
    if (attempt._tag === "NotSent") {
      this.#unsent += 1
      if (this.#replays > 0) this.#replays -= 1
      return this.#unsent < maxUnsent
    }
    if (attempt.outcome._tag === "Retryable") return true
    if (attempt.outcome._tag !== "UnknownOutcome" || !this.#canReplay) return false
    this.#ambiguousAt ??= startedAt
    return true
  }
}

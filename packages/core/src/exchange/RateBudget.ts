/** How many requests an account may send, and when the next: its documented windows, and what 429 taught. */
import type { RateLimit } from "../provider/ProviderSpec.ts"

/** The spacing that a 429 starts with, and the widest, in milliseconds. */
const firstSpacing = 100
const widestSpacing = 10_000

/**
 * A request counts from its start to one window after its answer: the vendor counted it somewhere in between, so
 * no delay on the way can make the vendor count more than its limit. A request that hangs is held for no longer
 * than this, in milliseconds.
 */
const longestHold = 10_000

/** One request that was allowed. */
export interface CountedRequest {
  readonly startedAt: number
  /** When its answer came; undefined while it is out. */
  endedAt: number | undefined
}

/** The requests of one window, oldest first, in a ring as large as the limit. */
class Window {
  readonly #ring: Array<CountedRequest | undefined>
  readonly #length: number
  #next = 0
  constructor(limit: RateLimit) {
    this.#ring = Array.from({ length: Math.max(1, Math.floor(limit.requests)) })
    this.#length = limit.windowMs
  }
  /** When the oldest request of the window is forgotten: the earliest time for one more. */
  freeAt(now: number): number {
    const oldest = this.#ring[this.#next]
    if (oldest === undefined) return 0
    const counted = oldest.endedAt ?? Math.min(now, oldest.startedAt + longestHold)
    return counted + this.#length
  }
  add(spent: CountedRequest): void {
    this.#ring[this.#next] = spent
    this.#next = (this.#next + 1) % this.#ring.length
  }
}

/** The budget of one account, shared by every task and caller in the process. Times are milliseconds of one clock. */
export class RateBudget {
  readonly #windows: ReadonlyArray<Window>
  #spacing = 0
  #lastStart = Number.NEGATIVE_INFINITY
  #pausedUntil = Number.NEGATIVE_INFINITY
  #strikes = 0

  constructor(limits: ReadonlyArray<RateLimit>) {
    this.#windows = limits.map((limit) => new Window(limit))
  }

  /** When the pause ends that the last 429 brought. */
  get pausedUntil(): number {
    return this.#pausedUntil
  }

  /** The earliest time at which one more request may start. */
  nextAt(now: number): number {
    let at = Math.max(this.#pausedUntil, this.#spacing === 0 ? 0 : this.#lastStart + this.#spacing)
    for (const window of this.#windows) at = Math.max(at, window.freeAt(now))
    return at
  }

  /** Spends one request, now. */
  spend(now: number): CountedRequest {
    const spent: CountedRequest = { startedAt: now, endedAt: undefined }
    for (const window of this.#windows) window.add(spent)
    this.#lastStart = now
    return spent
  }

  /** The answer to a request came, or will never come. */
  settle(spent: CountedRequest, now: number): void {
    spent.endedAt = now
  }

  /** The vendor answered 429: the whole account pauses, and goes on more slowly. */
  slowDown(now: number, retryAfter: number | undefined): void {
    // Requests that were out together are told together; that is one lesson, not many.
    if (now >= this.#pausedUntil) {
      this.#strikes += 1
      this.#spacing = Math.min(widestSpacing, Math.max(firstSpacing, this.#spacing * 2))
    }
    const pause = retryAfter ?? Math.min(60_000, 1000 * 2 ** Math.min(this.#strikes - 1, 6))
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pause)
  }

  /** The vendor answered: the spacing that a 429 brought shrinks again. */
  recover(): void {
    this.#strikes = 0
    this.#spacing = this.#spacing < 5 ? 0 : this.#spacing * 0.9
  }
}

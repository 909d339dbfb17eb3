import type { RateLimit } from "../provider/RateLimit.ts"

/** The spacing of requests after a first 429, and its maximum, in milliseconds. */
const initialSpacingMs = 100
const maxSpacingMs = 10_000

/** The spacing of requests is removed once it has shrunk below this, in milliseconds. */
const minSpacingMs = 5
const spacingDecay = 0.9

/** The pause after a first 429 without `Retry-After`, and its maximum, in milliseconds. */
const initialPauseMs = 1000
const maxPauseMs = 60_000

/**
 * The vendor counts a request somewhere between its start and its response. So a request counts until one window after
 * its response, and the vendor never counts more than its limit. A request without a response counts as if it had
 * received one after this time, in milliseconds.
 */
const maxPendingMs = 10_000

/** A request that counts against the budget. */
export interface CountedRequest {
  /** When it started. */
  readonly startedAt: number
  /** When it ended, or undefined while it is pending. */
  endedAt: number | undefined
}

/** The last requests of one rate limit, oldest first, in a ring buffer as large as the limit. */
class Window {
  readonly #requests: Array<CountedRequest | undefined>
  readonly #windowMs: number
  #next = 0

  constructor(limit: RateLimit) {
    this.#requests = Array.from({ length: Math.max(1, Math.floor(limit.requests)) })
    this.#windowMs = limit.windowMs
  }

  /** Returns the earliest time at which another request may start. */
  nextAt(now: number): number {
    const oldest = this.#requests[this.#next]
    if (oldest === undefined) return 0
    const countedAt = oldest.endedAt ?? Math.min(now, oldest.startedAt + maxPendingMs)
    return countedAt + this.#windowMs
  }

  add(request: CountedRequest): void {
    this.#requests[this.#next] = request
    this.#next = (this.#next + 1) % this.#requests.length
  }

  /** Returns when each request that still counts is counted, oldest first. */
  countedAt(now: number): ReadonlyArray<number> {
    const ordered = [...this.#requests.slice(this.#next), ...this.#requests.slice(0, this.#next)]
    return ordered
      .filter((request) => request !== undefined)
      .map(({ startedAt, endedAt }) => endedAt ?? Math.min(now, startedAt + maxPendingMs))
      .filter((at) => at + this.#windowMs > now)
  }

  /** Returns the maximum number of requests that may start before a time, and count then. */
  maxStartsUntil(at: number, durationMs: number): number {
    const size = this.#requests.length
    return this.#windowMs >= durationMs
      ? size - this.countedAt(at).length
      : size * Math.ceil(durationMs / this.#windowMs)
  }
}

/** What an account has sent, as ages, so that another process can continue with it. */
export interface SpentBudget {
  /** How long ago each request was sent, in milliseconds, oldest first. Negative if it may still be sent. */
  readonly agesMs: ReadonlyArray<number>
  /** For how long the account is paused, in milliseconds. */
  readonly pausedForMs: number
}

/**
 * The requests that one account may send: its documented rate limits, and what its vendor's 429 responses require. All
 * tasks and callers in the process share it. Times are milliseconds of one monotonic clock.
 */
export class RateBudget {
  readonly #limits: Array<RateLimit> = []
  readonly #windows: Array<Window> = []
  #spacingMs = 0
  #lastStart = Number.NEGATIVE_INFINITY
  #pausedUntil = Number.NEGATIVE_INFINITY
  #pauses = 0
  #reservedUntil = Number.POSITIVE_INFINITY

  /** @param limits The documented rate limits of the vendor. All of them apply. */
  constructor(limits: ReadonlyArray<RateLimit>) {
    this.addLimits(limits)
  }

  /** Adds documented rate limits that the budget does not have yet. */
  addLimits(limits: ReadonlyArray<RateLimit>): void {
    for (const limit of limits) {
      const isKnown = this.#limits.some(
        ({ requests, windowMs }) => requests === limit.requests && windowMs === limit.windowMs
      )
      if (isKnown) continue
      this.#limits.push(limit)
      this.#windows.push(new Window(limit))
    }
  }

  /** Returns how long the account is still paused, in milliseconds. */
  pausedForMs(now: () => number): number {
    // Reading the clock is only worth it if there ever was a pause.
    return this.#pausedUntil > 0 ? Math.max(0, this.#pausedUntil - now()) : 0
  }

  /** Returns what must count as sent if another process continues. */
  spent(now: number): SpentBudget {
    const counted = this.#windows.map((window) => window.countedAt(now))
    const longest = counted.reduce<ReadonlyArray<number>>(
      (most, each) => (each.length > most.length ? each : most),
      []
    )
    return { agesMs: longest.map((at) => now - at), pausedForMs: Math.max(0, this.#pausedUntil - now) }
  }

  /**
   * Returns what must count as sent if this process reserves the account for a time and then dies: what it has sent, and
   * as much as it may send until the reservation ends.
   */
  reserved(now: number, durationMs: number): SpentBudget {
    const endsAt = now + durationMs
    const { agesMs } = this.spent(endsAt)
    const starts = this.#windows.map((window) => window.maxStartsUntil(endsAt, durationMs))
    const maxStarts = starts.length === 0 ? 0 : Math.max(0, Math.min(...starts))
    return {
      agesMs: [...agesMs.map((age) => age - durationMs), ...Array<number>(maxStarts).fill(-durationMs)],
      pausedForMs: this.spent(now).pausedForMs
    }
  }

  /** Counts the requests that another process has sent. */
  restore(now: number, { agesMs, pausedForMs }: SpentBudget): void {
    for (const ageMs of agesMs) {
      const at = now - ageMs
      for (const window of this.#windows) window.add({ startedAt: at, endedAt: at })
    }
    if (pausedForMs > 0) this.pause(now, pausedForMs)
  }

  /** Permits requests only until a time. Used where several processes take turns with one account. */
  reserveUntil(at: number): void {
    this.#reservedUntil = at
  }

  /** Returns the earliest time at which another request may start. Infinite after the reservation, if there is one. */
  nextAt(now: number): number {
    if (now >= this.#reservedUntil) return Number.POSITIVE_INFINITY
    let at = Math.max(this.#pausedUntil, this.#spacingMs === 0 ? 0 : this.#lastStart + this.#spacingMs)
    for (const window of this.#windows) at = Math.max(at, window.nextAt(now))
    return at
  }

  /** Counts a request that starts now. Call `settle` with the result when it ends. */
  spend(now: number): CountedRequest {
    const request: CountedRequest = { startedAt: now, endedAt: undefined }
    for (const window of this.#windows) window.add(request)
    this.#lastStart = now
    return request
  }

  /** Marks a request as ended, with or without a response. */
  settle(request: CountedRequest, now: number): void {
    request.endedAt = now
  }

  /**
   * Pauses the account after a 429, and increases the spacing of the requests that follow.
   *
   * @param retryAfterMs The delay that the vendor requires, in milliseconds. If it is undefined, the pause is 1 second,
   *   doubled with each further 429 up to 1 minute.
   */
  slowDown(now: number, retryAfterMs: number | undefined): void {
    // Requests that were pending together receive a 429 together. They count as one.
    if (now >= this.#pausedUntil) {
      this.#pauses += 1
      this.#spacingMs = Math.min(maxSpacingMs, Math.max(initialSpacingMs, this.#spacingMs * 2))
    }
    const pauseMs = retryAfterMs ?? Math.min(maxPauseMs, initialPauseMs * 2 ** (this.#pauses - 1))
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
  }

  /** Pauses the account without a 429, because the vendor reports that a rate limit is used up. */
  pause(now: number, pauseMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
  }

  /** Reduces the spacing of requests after a response other than 429. */
  recover(): void {
    this.#pauses = 0
    this.#spacingMs = this.#spacingMs < minSpacingMs ? 0 : this.#spacingMs * spacingDecay
  }
}

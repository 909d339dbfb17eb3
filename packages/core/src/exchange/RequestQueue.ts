import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { RateBudget } from "./RateBudget.ts"
import { Timer } from "./Timer.ts"
import type { Scheduler } from "./Timer.ts"
import { WaitingRequests } from "./WaitingRequests.ts"

/** How a request ended: successfully, with an error, or undefined if that is unknown, for example after an interruption. */
export type RequestOutcome = "succeeded" | ErrorReason | undefined

/** Returns the permit of a request that ended. Only the first call counts. */
export type Release = (outcome: RequestOutcome) => void

/** A request that waits for its permit. */
export interface QueuedRequest {
  /** Set to false to leave the queue. */
  isWaiting: boolean
  /** Called with the permit. */
  readonly start: (release: Release) => void
}

/** Maximum number of concurrent requests of one account. */
const maxConcurrency = 64

/** Maximum pause without a 429, in milliseconds. The header that reports a used-up limit may be that of another one. */
const maxPauseMs = 5 * 60_000

/** Of this many requests that start while both kinds wait, one is a poll. */
const pollShare = 4

/**
 * The request queue of one account. Requests start as the rate budget and the concurrency limit permit.
 *
 * Requests of callers start before polls: a caller waits for the result, and thousands of polls may be overdue, for example
 * after a restart. Polls that wait get a share of the requests, so that callers cannot stop them. Within each kind, requests
 * start in order.
 */
export class RequestQueue {
  readonly #budget: RateBudget
  readonly #scheduler: Scheduler
  readonly #timer: Timer
  readonly #polls = new WaitingRequests<QueuedRequest>()
  readonly #calls = new WaitingRequests<QueuedRequest>()
  /** How many requests of callers have started since the last poll. */
  #callsInRow = 0
  #inFlight = 0
  #isDraining = false

  constructor(budget: RateBudget, scheduler: Scheduler) {
    this.#budget = budget
    this.#scheduler = scheduler
    this.#timer = new Timer(scheduler, () => this.#drain())
  }

  /** How long the account is still paused because of a rate limit, in milliseconds. */
  get pausedForMs(): number {
    return this.#budget.pausedForMs(this.#scheduler.now)
  }

  /**
   * Pauses the account because a response reports that a rate limit is used up.
   *
   * @param pauseMs How long, in milliseconds. Limited to 5 minutes.
   */
  pause(pauseMs: number): void {
    this.#budget.pause(this.#scheduler.now(), Math.min(pauseMs, maxPauseMs))
  }

  /** Starts queued requests that the budget permits now, for example after its reservation was extended. */
  resume(): void {
    this.#drain()
  }

  /** Queues a poll. It may start before this method returns. */
  enqueue(poll: QueuedRequest): void {
    this.#add(this.#polls, poll)
  }

  /** Sends a request of a caller once it has a permit: the given one, or else one that it acquires from the queue. */
  send<A, E>(
    request: Effect.Effect<A, E>,
    outcomeOf: (exit: Exit.Exit<A, E>) => RequestOutcome,
    permit?: Release
  ): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      let release = permit
      const acquired = Effect.callback<void>((resume) => {
        const queued: QueuedRequest = {
          isWaiting: true,
          start: (granted) => {
            release = granted
            resume(Effect.void)
          }
        }
        this.#add(this.#calls, queued)
        return Effect.sync(() => {
          queued.isWaiting = false
        })
      })
      const sent = Effect.suspend(() => {
        release ??= this.#tryAcquire()
        return release === undefined ? Effect.andThen(acquired, request) : request
      })
      // Releases the permit outside of the effect that acquires it, so that an interruption cannot leak it.
      return Effect.onExit(sent, (exit) => {
        release?.(outcomeOf(exit))
        return Effect.void
      })
    })
  }

  #add(waiting: WaitingRequests<QueuedRequest>, request: QueuedRequest): void {
    request.isWaiting = true
    waiting.add(request)
    this.#drain()
  }

  /** Returns a permit if a request can start now and none is queued before it. */
  #tryAcquire(): Release | undefined {
    if (this.#inFlight >= maxConcurrency || this.#next() !== undefined) return undefined
    const now = this.#scheduler.now()
    return this.#budget.nextAt(now) <= now ? this.#acquire(now) : undefined
  }

  /** Returns the queue whose first request is the next to start. Undefined if no request waits. */
  #next(): WaitingRequests<QueuedRequest> | undefined {
    const hasPoll = this.#polls.peek() !== undefined
    const hasCall = this.#calls.peek() !== undefined
    if (hasCall && !(hasPoll && this.#callsInRow >= pollShare - 1)) return this.#calls
    return hasPoll ? this.#polls : undefined
  }

  #drain(): void {
    // A request that ends synchronously must not start the next one within its own call.
    if (this.#isDraining) return
    this.#isDraining = true
    try {
      while (this.#inFlight < maxConcurrency && this.#startNext());
    } finally {
      this.#isDraining = false
    }
  }

  /** Starts the next request. Returns false if none waits, or if the budget does not permit it yet. */
  #startNext(): boolean {
    const waiting = this.#next()
    const request = waiting?.peek()
    if (waiting === undefined || request === undefined) return false
    const now = this.#scheduler.now()
    const at = this.#budget.nextAt(now)
    if (at > now) {
      this.#timer.set(at)
      return false
    }
    waiting.remove()
    this.#callsInRow = waiting === this.#calls ? this.#callsInRow + 1 : 0
    request.isWaiting = false
    request.start(this.#acquire(now))
    return true
  }

  #acquire(now: number): Release {
    this.#inFlight += 1
    const counted = this.#budget.spend(now)
    let isReleased = false
    return (outcome) => {
      if (isReleased) return
      isReleased = true
      this.#inFlight -= 1
      const endedAt = this.#scheduler.now()
      this.#budget.settle(counted, endedAt)
      if (outcome === "succeeded") this.#budget.recover()
      else if (outcome?._tag === "RateLimited") this.#budget.slowDown(endedAt, outcome.retryAfterMs)
      this.#drain()
    }
  }
}

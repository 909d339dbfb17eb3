/** The queue before one account: requests start in the order they came, as its rate budget and its width allow. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { RateBudget } from "./RateBudget.ts"
import { Timer } from "./Timer.ts"
import type { Scheduler } from "./Timer.ts"

/** How an exchange went: the vendor answered well, or with a fault; undefined where it was never heard. */
export type RequestOutcome = "answered" | ErrorReason | undefined

/** Told how the exchange went. */
export type Release = (went: RequestOutcome) => void

/** A request that waits for its turn. */
export interface QueuedRequest {
  /** Whether it still wants its turn. */
  isWaiting: boolean
  readonly start: (release: Release) => void
}

/** How many requests of one account may be out at once. */
const width = 64

/** One account's queue. */
export class RequestQueue {
  readonly #budget: RateBudget
  readonly #runner: Scheduler
  readonly #alarm: Timer
  #queue: Array<QueuedRequest | undefined> = []
  #head = 0
  #out = 0
  #pumping = false

  constructor(budget: RateBudget, runner: Scheduler) {
    this.#budget = budget
    this.#runner = runner
    this.#alarm = new Timer(runner, () => this.#pump())
  }

  /** For how many milliseconds the vendor has asked the account to wait. */
  get pausedFor(): number {
    const { pausedUntil } = this.#budget
    // Mostly there was never a pause, and the clock need not be read.
    return pausedUntil > 0 ? Math.max(0, pausedUntil - this.#runner.now()) : 0
  }

  /** Queues a request. */
  enqueue(waiting: QueuedRequest): void {
    waiting.isWaiting = true
    this.#queue.push(waiting)
    this.#pump()
  }

  /** Runs an exchange with the vendor when its turn comes. */
  readonly run = <A, E>(
    exchange: Effect.Effect<A, E>,
    howItWent: (exit: Exit.Exit<A, E>) => RequestOutcome
  ): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      let release: Release | undefined
      const turn = Effect.callback<void>((resume) => {
        const waiting: QueuedRequest = {
          isWaiting: true,
          start: (granted) => {
            release = granted
            resume(Effect.void)
          }
        }
        this.enqueue(waiting)
        return Effect.sync(() => {
          waiting.isWaiting = false
        })
      })
      const inTurn = Effect.suspend(() => {
        const now = this.#runner.now()
        if (!this.#isFree(now)) return Effect.flatMap(turn, () => exchange)
        release = this.#start(now)
        return exchange
      })
      return Effect.onExit(inTurn, (exit) => {
        release?.(howItWent(exit))
        return Effect.void
      })
    })

  /** Whether a request can start now, and nothing is before it. */
  #isFree(now: number): boolean {
    return this.#out < width && this.#head === this.#queue.length && this.#budget.nextAt(now) <= now
  }

  #take(): void {
    // What was taken must not be held on to: it may have a whole answer behind it.
    this.#queue[this.#head] = undefined
    this.#head += 1
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }

  #pump(): void {
    // An answer that comes at once must not start the next request inside of the last one's.
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (this.#out < width && this.#head < this.#queue.length && this.#next());
    } finally {
      this.#pumping = false
    }
  }

  /** Starts the next request, if the budget allows it now. */
  #next(): boolean {
    const waiting = this.#queue[this.#head]
    if (waiting?.isWaiting !== true) {
      this.#take()
      return true
    }
    const now = this.#runner.now()
    const at = this.#budget.nextAt(now)
    if (at > now) {
      this.#alarm.set(at)
      return false
    }
    this.#take()
    waiting.isWaiting = false
    waiting.start(this.#start(now))
    return true
  }

  /** Counts a request that starts; the answered function tells that it is over. */
  #start(now: number): Release {
    this.#out += 1
    const spent = this.#budget.spend(now)
    let released = false
    return (went) => {
      if (released) return
      released = true
      this.#out -= 1
      const then = this.#runner.now()
      this.#budget.settle(spent, then)
      if (went === "answered") this.#budget.recover()
      else if (went?._tag === "RateLimited") this.#budget.slowDown(then, went.retryAfterMs)
      this.#pump()
    }
  }
}

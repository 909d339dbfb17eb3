import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

/** Runs work that outlives its caller, on the clock of the layer. */
export interface Scheduler {
  /** Returns the time of a monotonic clock, in milliseconds. */
  readonly now: () => number
  /** Starts an effect in the background. */
  readonly fork: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
}

/** Calls a function once, at the earliest of the times that it was set to. After the call, it can be set again. */
export class Timer {
  readonly #scheduler: Scheduler
  readonly #onTimeout: () => void
  #at = Number.POSITIVE_INFINITY
  #fiber: Fiber.Fiber<void> | undefined

  constructor(scheduler: Scheduler, onTimeout: () => void) {
    this.#scheduler = scheduler
    this.#onTimeout = onTimeout
  }

  /**
   * Schedules the call, unless it is already scheduled for this time or earlier.
   *
   * @param at A time of the scheduler's clock, in milliseconds. The call is immediate if the time has passed.
   */
  set(at: number): void {
    if (at >= this.#at) return
    this.clear()
    this.#at = at
    const delay = Duration.millis(Math.max(0, at - this.#scheduler.now()))
    let hasFired = false
    const fiber = this.#scheduler.fork(
      Effect.flatMap(Effect.sleep(delay), () =>
        Effect.sync(() => {
          hasFired = true
          this.#fiber = undefined
          this.#at = Number.POSITIVE_INFINITY
          this.#onTimeout()
        })
      )
    )
    // A clock may complete a sleep of 0 ms at once. The callback may then have set the timer again.
    if (!hasFired) this.#fiber = fiber
  }

  /** Cancels the call. */
  clear(): void {
    this.#at = Number.POSITIVE_INFINITY
    this.#fiber?.interruptUnsafe()
    this.#fiber = undefined
  }
}

/** One timer that rings at the earliest time it was set for. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

/** How to start work that outlives the caller, on the clock of the layer. */
export interface Scheduler {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly fork: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
}

/** Rings once, at the earliest time it was set for; ringing clears it. */
export class Timer {
  readonly #runner: Scheduler
  readonly #ring: () => void
  #at = Number.POSITIVE_INFINITY
  #sleeper: Fiber.Fiber<void> | undefined
  constructor(runner: Scheduler, ring: () => void) {
    this.#runner = runner
    this.#ring = ring
  }
  /** Rings at this time or earlier. */
  set(at: number): void {
    if (at >= this.#at) return
    this.clear()
    this.#at = at
    const wait = Duration.millis(Math.max(0, at - this.#runner.now()))
    let hasRung = false
    const sleeper = this.#runner.fork(
      Effect.flatMap(Effect.sleep(wait), () =>
        Effect.sync(() => {
          hasRung = true
          this.#sleeper = undefined
          this.#at = Number.POSITIVE_INFINITY
          this.#ring()
        })
      )
    )
    // A clock may let no time pass for no wait; ringing may have set the alarm anew.
    if (!hasRung) this.#sleeper = sleeper
  }
  clear(): void {
    this.#at = Number.POSITIVE_INFINITY
    this.#sleeper?.interruptUnsafe()
    this.#sleeper = undefined
  }
}

import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { StoreError } from "../store/StoreError.ts"
import { retryStore } from "./retryStore.ts"

/** Wakes a loop before its interval has passed. */
export class Bell {
  readonly #latch = Latch.makeUnsafe(false)

  ring(): void {
    this.#latch.openUnsafe()
  }

  /** Waits until the bell rings, which it may have done since the last wait, or a time has passed. */
  wait(ms: number): Effect.Effect<void> {
    return Effect.andThen(
      Effect.timeoutOption(this.#latch.await, ms),
      Effect.sync(() => void this.#latch.closeUnsafe())
    )
  }

  /**
   * Repeats work: at once while it returns true, else when the bell rings or the interval has passed. Errors of the store
   * are retried.
   */
  loop<E, R>(
    everyMs: number,
    work: Effect.Effect<boolean | void, E | StoreError, R>
  ): Effect.Effect<never, Exclude<E, StoreError>, R> {
    const once = retryStore(work)
    return Effect.forever(
      Effect.flatMap(once, (hasMore) => (hasMore === true ? Effect.void : this.wait(everyMs)))
    )
  }
}

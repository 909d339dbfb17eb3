import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { StoreError } from "../store/StoreError.ts"

/** Minimum time between two notifications about the same task, in milliseconds. */
const intervalMs = 1000

/** How many tasks may be notified about in an interval. Others are polled when they are due. */
const maxTasks = 1000

/**
 * Notifies the owners of tasks in other processes. A flood of webhooks must not become a flood of writes: each task has one
 * notification per interval, and one more at its end if others arrived meanwhile.
 */
export class RemoteWakes {
  /** The tasks of the current interval, and whether another notification was requested. */
  readonly #recent = new Map<string, boolean>()
  readonly #send: (ref: string) => Effect.Effect<void, StoreError>
  readonly #scope: Scope.Scope

  constructor(send: (ref: string) => Effect.Effect<void, StoreError>, scope: Scope.Scope) {
    this.#send = send
    this.#scope = scope
  }

  /** Notifies the owner of a task. */
  wake(ref: string): Effect.Effect<void, StoreError> {
    return Effect.suspend(() => {
      if (this.#recent.has(ref) || this.#recent.size >= maxTasks) {
        if (this.#recent.has(ref)) this.#recent.set(ref, true)
        return Effect.void
      }
      this.#recent.set(ref, false)
      return Effect.andThen(this.#send(ref), Effect.forkIn(this.#repeat(ref), this.#scope)).pipe(
        Effect.tapError(() => Effect.sync(() => this.#recent.delete(ref))),
        Effect.asVoid
      )
    })
  }

  #repeat(ref: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      const isRequested = this.#recent.get(ref) === true
      this.#recent.delete(ref)
      return isRequested ? Effect.ignore(this.wake(ref)) : Effect.void
    }).pipe(Effect.delay(intervalMs))
  }
}

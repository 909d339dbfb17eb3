import type { PolledTask, PollFailure, Subscriber, Update } from "@gentask/core/internal/engine"

/** Receives what happens to tracked tasks. */
export interface TrackedTaskEvents {
  readonly onUpdate: (tracked: TrackedTask, update: Update) => void
  readonly onPollError: (tracked: TrackedTask, failure: PollFailure) => void
  /** Called when polling ends with an error. */
  readonly onEnd: (tracked: TrackedTask, message: string, error: unknown) => void
}

/** An open task of an owner. A process may track a million, so each is a single object without closures. */
export class TrackedTask implements Subscriber {
  readonly ref: string
  /** Its polling. Undefined while it is not polled. */
  task: PolledTask | undefined = undefined
  /** How often polling has ended with an error. */
  ends = 0
  /** Whether its last poll failed, so that its record has an error. */
  hasError = false
  readonly #events: TrackedTaskEvents

  constructor(ref: string, events: TrackedTaskEvents) {
    this.ref = ref
    this.#events = events
  }

  get wantsRaw(): boolean {
    return false
  }

  onUpdate(update: Update): void {
    this.#events.onUpdate(this, update)
  }

  onPollError(failure: PollFailure): void {
    this.#events.onPollError(this, failure)
  }

  onError(error: Error & { readonly _tag: string }): void {
    this.#events.onEnd(this, error.message, error)
  }

  onDefect(cause: unknown): void {
    this.#events.onEnd(this, "Polling the task failed unexpectedly.", cause)
  }
}

/** A wait for one task, as a watcher: it ends once, with a success or with why there is none. */
import * as Cause from "effect/Cause"
import type { SucceededSnapshot, TaskSnapshot, TerminalSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { Poller } from "../polling/Poller.ts"
import type { QueryFault } from "../exchange/ProviderError.ts"
import { StillRunning, TaskFailed } from "./WaitError.ts"
import type { WaitError } from "./WaitError.ts"
import type { PollFailure, Update, Subscriber } from "../polling/Subscriber.ts"
import type { PolledTask } from "../polling/PolledTask.ts"
import type { QueryOptions, WaitOptions } from "./OperationOptions.ts"

/** How the wait for one of many tasks ended. */
export type Settled =
  | { readonly ok: true; readonly ref: string; readonly snapshot: SucceededSnapshot }
  | {
      readonly ok: false
      readonly ref: string
      readonly snapshot: TaskSnapshot | null
      readonly error: WaitError
    }

/** Whoever waits, for one task or for many. */
export interface WaitCallbacks {
  readonly options: WaitOptions
  readonly onSettled: (wait: PendingWait, settled: Settled) => void
  /** No answer will come: the poller was closed, or something broke that is nobody's answer. */
  readonly onLost: (wait: PendingWait, cause: Cause.Cause<never>) => void
}

const isEnded = (snapshot: TaskSnapshot): snapshot is TerminalSnapshot => isTerminal(snapshot.status)

const isSucceeded = (snapshot: TaskSnapshot): snapshot is SucceededSnapshot => snapshot.status === "succeeded"

/** The snapshot that a caller sees. */
export const toCallerSnapshot = ({ snapshot, raw }: Update, options: QueryOptions): TaskSnapshot =>
  options.raw === true ? { ...snapshot, raw } : snapshot

/** A wait for one task. There may be a million of them, so each is one object without a closure of its own. */
export class PendingWait implements Subscriber {
  readonly ref: string
  hasUpdate = false
  /** What is waited for, once it is watched. */
  task: PolledTask | undefined = undefined
  #last: TaskSnapshot | null = null
  readonly #waiter: WaitCallbacks

  constructor(ref: string, waiter: WaitCallbacks) {
    this.ref = ref
    this.#waiter = waiter
  }

  get wantsRaw(): boolean {
    return this.#waiter.options.raw === true
  }

  /** Where it stands when the time is up. */
  get late(): Settled {
    const error = StillRunning.make(this.ref, this.#last)
    return { ok: false, ref: this.ref, snapshot: this.#last, error }
  }

  /** Stops waiting. */
  leave(poller: Poller): void {
    if (this.task !== undefined) poller.unsubscribe(this.task, this)
  }

  onUpdate(news: Update): void {
    const { options, onSettled } = this.#waiter
    this.#guard(() => {
      const { ref } = this
      const snapshot = toCallerSnapshot(news, options)
      this.#last = snapshot
      options.onUpdate?.(snapshot)
      if (isSucceeded(snapshot)) onSettled(this, { ok: true, ref, snapshot })
      else if (isEnded(snapshot))
        onSettled(this, { ok: false, ref, snapshot, error: TaskFailed.make(snapshot) })
    })
  }

  onPollError(missed: PollFailure): void {
    this.#guard(() => this.#waiter.options.onPollError?.(missed))
  }

  onError(error: QueryFault): void {
    this.#waiter.onSettled(this, { ok: false, ref: this.ref, snapshot: this.#last, error })
  }

  onDefect(cause: Cause.Cause<never>): void {
    this.#waiter.onLost(this, cause)
  }

  /** A callback of the caller's that throws ends the caller's wait, and nobody else's. */
  #guard(tell: () => void): void {
    try {
      tell()
    } catch (error) {
      this.onDefect(Cause.die(error))
    }
  }
}

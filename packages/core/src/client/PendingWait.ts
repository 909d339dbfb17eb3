import * as Cause from "effect/Cause"
import type { ClientClosed } from "../exchange/ClientClosed.ts"
import type { QueryFailure } from "../exchange/ProviderError.ts"
import type { PolledTask } from "../polling/PolledTask.ts"
import type { PollFailure, Subscriber, Update } from "../polling/Subscriber.ts"
import { runCallback, warnOfCallbackError } from "../task/runCallback.ts"
import { ownSnapshot } from "../task/ownSnapshot.ts"
import type { SucceededSnapshot, TaskSnapshot, TerminalSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { QueryOptions, WaitOptions } from "./OperationOptions.ts"
import { StillRunning, TaskFailed } from "./WaitError.ts"
import type { WaitError } from "./WaitError.ts"

/** How the wait for one of several tasks ended. */
export type Settled =
  | {
      readonly ok: true
      /** The task ref in its canonical form. */
      readonly ref: string
      readonly snapshot: SucceededSnapshot
    }
  | {
      readonly ok: false
      /** The task ref in its canonical form, or the invalid input as text. */
      readonly ref: string
      /** The last snapshot. Null if the vendor has not reported the task. */
      readonly snapshot: TaskSnapshot | null
      readonly error: WaitError
    }

/** Receives the end of a wait. */
export interface WaitCallbacks {
  readonly options: WaitOptions
  /** Called when the wait ends with a success or an error. */
  readonly onSettled: (wait: PendingWait, settled: Settled) => void
  /** Called when the wait ends with a defect, such as an exception in a callback of the caller. */
  readonly onDefect: (wait: PendingWait, cause: Cause.Cause<never>) => void
}

const hasEnded = (snapshot: TaskSnapshot): snapshot is TerminalSnapshot => isTerminal(snapshot.status)

const hasSucceeded = (snapshot: TaskSnapshot): snapshot is SucceededSnapshot =>
  snapshot.status === "succeeded"

/** The snapshot for one caller: its own copy, with or without the raw response. */
export const toCallerSnapshot = ({ snapshot, raw }: Update, options: QueryOptions): TaskSnapshot =>
  ownSnapshot(options.raw === true ? { ...snapshot, raw } : snapshot)

/** A wait for one task. A process may wait for a million tasks, so each is a single object without closures. */
export class PendingWait implements Subscriber {
  readonly task: PolledTask
  #last: TaskSnapshot | null = null
  /** The response of the last snapshot, if the caller wants it. */
  #raw: unknown = undefined
  #isSettled = false
  readonly #callbacks: WaitCallbacks

  constructor(task: PolledTask, callbacks: WaitCallbacks) {
    this.task = task
    this.#callbacks = callbacks
  }

  get wantsRaw(): boolean {
    return this.#callbacks.options.raw === true
  }

  /** The caller's copy of the last snapshot. */
  get #snapshot(): TaskSnapshot | null {
    const last = this.#last
    // A frozen snapshot is the caller's copy already.
    if (last === null || Object.isFrozen(last)) return last
    return toCallerSnapshot({ snapshot: last, raw: this.#raw }, this.#callbacks.options)
  }

  /** The result of the wait if its timeout passes now. */
  get timedOut(): Settled {
    const { ref } = this.task.query
    const snapshot = this.#snapshot
    const error = new StillRunning({ ref, snapshot, lastError: this.task.lastError ?? null })
    return { ok: false, ref, snapshot, error }
  }

  onUpdate(update: Update): void {
    const { options } = this.#callbacks
    // Without a callback, only the last snapshot is the caller's, and its copy is made when the wait settles.
    if (options.onUpdate === undefined && !isTerminal(update.snapshot.status)) {
      this.#last = update.snapshot
      if (this.wantsRaw) this.#raw = update.raw
      return
    }
    const { ref } = this.task.query
    const snapshot = toCallerSnapshot(update, options)
    this.#last = snapshot
    if (!this.#call(() => options.onUpdate?.(snapshot))) return
    if (hasSucceeded(snapshot)) this.#settle({ ok: true, ref, snapshot })
    else if (hasEnded(snapshot)) {
      this.#settle({ ok: false, ref, snapshot, error: new TaskFailed(snapshot) })
    }
  }

  onPollError(failure: PollFailure): void {
    this.#call(() => this.#callbacks.options.onPollError?.(failure))
  }

  onError(error: QueryFailure | ClientClosed): void {
    const { ref } = this.task.query
    this.#settle({ ok: false, ref, snapshot: this.#snapshot, error })
  }

  onDefect(cause: Cause.Cause<never>): void {
    this.#isSettled = true
    this.#callbacks.onDefect(this, cause)
  }

  #settle(settled: Settled): void {
    this.#isSettled = true
    this.#callbacks.onSettled(this, settled)
  }

  /** Calls back the caller. An exception or a rejection ends this wait only. Returns false if there was an exception. */
  #call(callback: () => unknown): boolean {
    return runCallback(callback, (error) => this.#onCallbackError(error))
  }

  #onCallbackError(error: unknown): void {
    if (this.#isSettled) warnOfCallbackError(error)
    else this.onDefect(Cause.die(error))
  }
}

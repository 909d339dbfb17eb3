import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { AccountRegistry } from "../exchange/AccountRegistry.ts"
import type { ClientClosed } from "../exchange/ClientClosed.ts"
import type { QueryFailure } from "../exchange/ProviderError.ts"
import type { PolledTask } from "../polling/PolledTask.ts"
import type { Poller } from "../polling/Poller.ts"
import type { PollFailure, Subscriber, Update } from "../polling/Subscriber.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { runCallback, warnOfCallbackError } from "../task/runCallback.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { timeoutMs } from "../account/durationOption.ts"
import { invalidOption } from "../account/invalidOption.ts"
import type { RefInput, RefList, WaitOptions, WatchOptions } from "./OperationOptions.ts"
import { readRefs } from "./ownInput.ts"
import { PendingWait, toCallerSnapshot } from "./PendingWait.ts"
import type { Settled } from "./PendingWait.ts"
import type { QueryError } from "./WaitError.ts"

/** Forwards the updates of one task to a queue. */
class SnapshotSubscriber implements Subscriber {
  readonly task: PolledTask
  readonly #queue: Queue.Queue<TaskSnapshot, QueryError | Cause.Done>
  readonly #options: WatchOptions

  constructor(
    task: PolledTask,
    queue: Queue.Queue<TaskSnapshot, QueryError | Cause.Done>,
    options: WatchOptions
  ) {
    this.task = task
    this.#queue = queue
    this.#options = options
  }

  get wantsRaw(): boolean {
    return this.#options.raw === true
  }

  onUpdate(update: Update): void {
    Queue.offerUnsafe(this.#queue, toCallerSnapshot(update, this.#options))
    if (isTerminal(update.snapshot.status)) Queue.endUnsafe(this.#queue)
  }

  onPollError(failure: PollFailure): void {
    runCallback(
      () => this.#options.onPollError?.(failure),
      (error) => {
        if (!Queue.failCauseUnsafe(this.#queue, Cause.die(error))) warnOfCallbackError(error)
      }
    )
  }

  onError(error: QueryFailure | ClientClosed): void {
    Queue.failCauseUnsafe(this.#queue, Cause.fail(error))
  }

  onDefect(cause: Cause.Cause<never>): void {
    Queue.failCauseUnsafe(this.#queue, cause)
  }
}

/** Returns the operation `watch` of a client. */
export const makeWatch =
  (poller: Poller, registry: AccountRegistry) =>
  (ref: RefInput, options: WatchOptions = {}): Stream.Stream<TaskSnapshot, QueryError> =>
    Stream.callback<TaskSnapshot, QueryError>((queue) =>
      registry.with(ref, (resolved) =>
        Effect.acquireRelease(
          Effect.sync(() =>
            poller.subscribe(resolved, (task) => new SnapshotSubscriber(task, queue, options))
          ),
          (subscriber) => Effect.sync(() => poller.unsubscribe(subscriber.task, subscriber))
        )
      )
    )

/** The open waits of one `waitAll`, and the queue that receives their results. */
class WaitGroup {
  readonly #poller: Poller
  readonly #queue: Queue.Queue<Settled, ConfigurationError | Cause.Done>
  readonly #options: WaitOptions
  readonly #open = new Set<PendingWait>()
  #isComplete = false

  constructor(
    poller: Poller,
    queue: Queue.Queue<Settled, ConfigurationError | Cause.Done>,
    options: WaitOptions
  ) {
    this.#poller = poller
    this.#queue = queue
    this.#options = options
  }

  get options(): WaitOptions {
    return this.#options
  }

  readonly onSettled = (wait: PendingWait, settled: Settled): void => {
    this.#open.delete(wait)
    Queue.offerUnsafe(this.#queue, settled)
    this.#endIfDone()
  }

  readonly onDefect = (_: PendingWait, cause: Cause.Cause<never>): void => {
    Queue.failCauseUnsafe(this.#queue, cause)
  }

  /** Starts the wait for one task. */
  add(registry: AccountRegistry, input: RefInput): Effect.Effect<void> {
    return registry
      .with(input, (resolved) =>
        Effect.sync(() => {
          this.#poller.subscribe(resolved, (task) => {
            const wait = new PendingWait(task, this)
            this.#open.add(wait)
            return wait
          })
        })
      )
      .pipe(
        Effect.catch((error) =>
          Effect.sync(() => {
            Queue.offerUnsafe(this.#queue, { ok: false, ref: TaskRef.describe(input), snapshot: null, error })
          })
        )
      )
  }

  /** Ends the stream with the last open wait. Call it after the last `add`. */
  complete(): void {
    this.#isComplete = true
    this.#endIfDone()
  }

  /** Settles every open wait with `StillRunning`. */
  expire(): void {
    const open = [...this.#open]
    this.close()
    for (const wait of open) Queue.offerUnsafe(this.#queue, wait.timedOut)
    this.#endIfDone()
  }

  /** Stops every open wait. */
  close(): void {
    for (const wait of this.#open) this.#poller.unsubscribe(wait.task, wait)
    this.#open.clear()
  }

  #endIfDone(): void {
    if (this.#isComplete && this.#open.size === 0) Queue.endUnsafe(this.#queue)
  }
}

/** A string is iterable too, but its characters are not refs. */
const isRefList = (refs: unknown): boolean =>
  typeof refs === "object" && refs !== null && Symbol.iterator in refs

/** Returns the operation `waitAll` of a client. */
export const makeWaitAll =
  (poller: Poller, registry: AccountRegistry) =>
  (refs: RefList, options: WaitOptions = {}): Stream.Stream<Settled, ConfigurationError> => {
    if (!isRefList(refs)) {
      return Stream.fail(
        invalidOption("refs", "waitAll needs a list of task refs. Use wait for a single one.")
      )
    }
    return Stream.callback<Settled, ConfigurationError>((queue) =>
      Effect.gen(function* () {
        const timeout = yield* options.timeout === undefined ? Effect.undefined : timeoutMs(options.timeout)
        const group = new WaitGroup(poller, queue, options)
        yield* Effect.addFinalizer(() => Effect.sync(() => group.close()))
        const list = yield* Effect.try({
          try: () => readRefs(refs),
          catch: (error) => error as ConfigurationError
        })
        for (const ref of list) yield* group.add(registry, ref)
        group.complete()
        if (timeout !== undefined) {
          yield* Effect.forkScoped(
            Effect.delay(
              Effect.sync(() => group.expire()),
              timeout
            )
          )
        }
      })
    )
  }

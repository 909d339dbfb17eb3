/** Watching and waiting, for one task and for many. */
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TaskRef from "../task/TaskRef.ts"
import type { SucceededSnapshot, TaskSnapshot, TerminalSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { ConfigurationError } from "./ConfigurationError.ts"
import type { Poller } from "./Poller.ts"
import type { Told } from "./Provider.ts"
import type { Addressed } from "./ProviderRegistry.ts"
import { StillRunning, TaskFailed } from "./WaitError.ts"
import type { Missed, Watcher } from "./Watcher.ts"
import type { QueryError, WaitError } from "./WaitError.ts"

/** A ref as text or as its parts. */
export type RefInput = string | TaskRef.TaskRef

/** Options of asking once. */
export interface QueryOptions {
  /** Puts the vendor's own answer, as JSON, on the snapshot as `raw`. @default false */
  readonly raw?: boolean | undefined
}

/** Options of watching. */
export interface WatchOptions extends QueryOptions {
  /** Told of each poll that went unanswered; it ends nothing. */
  readonly onMissed?: ((missed: Missed) => void) | undefined
}

/** Options of waiting. */
export interface WaitOptions extends WatchOptions {
  /** How long to wait at most: "10 minutes", or milliseconds. @default without end */
  readonly timeout?: Duration.Input | undefined
  /** Told of everything new, the end included. */
  readonly onUpdate?: ((snapshot: TaskSnapshot) => void) | undefined
}

/** How the wait for one of many tasks ended. */
export type Settled =
  | { readonly ok: true; readonly ref: string; readonly snapshot: SucceededSnapshot }
  | {
      readonly ok: false
      readonly ref: string
      readonly snapshot: TaskSnapshot | null
      readonly error: WaitError
    }

/** The snapshot that a caller sees. */
export const present = (told: Told, options: QueryOptions): TaskSnapshot =>
  options.raw === true ? { ...told.snapshot, raw: told.raw } : told.snapshot

const isEnded = (snapshot: TaskSnapshot): snapshot is TerminalSnapshot => isTerminal(snapshot.status)

const isSucceeded = (snapshot: TaskSnapshot): snapshot is SucceededSnapshot => snapshot.status === "succeeded"

/** What a ref was, for a message about a ref that is none. */
const nameOf = (ref: RefInput): string => (typeof ref === "string" ? ref : TaskRef.format(ref))

/** Turns what addressing throws into an error of the effect. */
export const tryAddress = (
  address: (ref: RefInput) => Addressed,
  ref: RefInput
): Effect.Effect<Addressed, ConfigurationError | TaskRef.InvalidTaskRef> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(address(ref))
    } catch (error) {
      if (error instanceof ConfigurationError || error instanceof TaskRef.InvalidTaskRef)
        return Effect.fail(error)
      return Effect.die(error)
    }
  })

/** The watcher of a wait: it ends the wait once, with a success or with why there is none. */
const waiter = (
  ref: string,
  options: WaitOptions,
  end: (settled: Settled) => void,
  lose: (cause: Cause.Cause<never>) => void
): Watcher & { last: TaskSnapshot | null } => {
  // A callback of the caller's that throws ends the caller's wait, and nobody else's.
  const guarded =
    <A>(callback: (argument: A) => void) =>
    (argument: A): void => {
      try {
        callback(argument)
      } catch (error) {
        lose(Cause.die(error))
      }
    }
  const watcher: Watcher & { last: TaskSnapshot | null } = {
    last: null,
    onTold: guarded((told: Told) => {
      const snapshot = present(told, options)
      watcher.last = snapshot
      options.onUpdate?.(snapshot)
      if (isSucceeded(snapshot)) end({ ok: true, ref, snapshot })
      else if (isEnded(snapshot)) end({ ok: false, ref, snapshot, error: TaskFailed.make(snapshot) })
    }),
    onMissed: guarded((missed: Missed) => options.onMissed?.(missed)),
    onRefused: (error) => end({ ok: false, ref, snapshot: watcher.last, error }),
    onLost: lose
  }
  return watcher
}

const late = (ref: string, snapshot: TaskSnapshot | null): Settled => ({
  ok: false,
  ref,
  snapshot,
  error: StillRunning.make(ref, snapshot)
})

const toExit = (settled: Settled): Effect.Effect<SucceededSnapshot, WaitError> =>
  settled.ok ? Effect.succeed(settled.snapshot) : Effect.fail(settled.error)

/** Watching and waiting on one poller. */
export const makeWatching = (poller: Poller, address: (ref: RefInput) => Addressed) => {
  const watch = (ref: RefInput, options: WatchOptions = {}): Stream.Stream<TaskSnapshot, QueryError> =>
    Stream.callback<TaskSnapshot, QueryError>((queue) =>
      Effect.flatMap(tryAddress(address, ref), (addressed) =>
        Effect.acquireRelease(
          Effect.sync(() =>
            poller.watch(addressed, {
              onTold: (told) => {
                Queue.offerUnsafe(queue, present(told, options))
                if (isTerminal(told.snapshot.status)) Queue.endUnsafe(queue)
              },
              onMissed: (missed) => {
                try {
                  options.onMissed?.(missed)
                } catch (error) {
                  Queue.failCauseUnsafe(queue, Cause.die(error))
                }
              },
              onRefused: (error) => {
                Queue.failCauseUnsafe(queue, Cause.fail(error))
              },
              onLost: (cause) => {
                Queue.failCauseUnsafe(queue, cause)
              }
            })
          ),
          (stop) => Effect.sync(stop)
        )
      )
    )

  const waitOn = (addressed: Addressed, options: WaitOptions): Effect.Effect<SucceededSnapshot, WaitError> =>
    Effect.suspend(() => {
      const { ref } = addressed.question
      let last = (): TaskSnapshot | null => null
      const ended = Effect.callback<SucceededSnapshot, WaitError>((resume) => {
        let stop = (): void => undefined
        let isOver = false
        const finish = (exit: Effect.Effect<SucceededSnapshot, WaitError>): void => {
          isOver = true
          stop()
          resume(exit)
        }
        const watcher = waiter(
          ref,
          options,
          (settled) => finish(toExit(settled)),
          (cause) => finish(Effect.failCause(cause))
        )
        last = () => watcher.last
        stop = poller.watch(addressed, watcher)
        // An answer may have come at once.
        if (isOver) stop()
        return Effect.sync(stop)
      })
      return options.timeout === undefined
        ? ended
        : Effect.timeoutOrElse(ended, { duration: options.timeout, orElse: () => toExit(late(ref, last())) })
    })

  const wait = (ref: RefInput, options: WaitOptions = {}): Effect.Effect<SucceededSnapshot, WaitError> =>
    Effect.flatMap(tryAddress(address, ref), (addressed) => waitOn(addressed, options))

  const waitAll = (refs: Iterable<RefInput>, options: WaitOptions = {}): Stream.Stream<Settled> =>
    Stream.callback<Settled>((queue) =>
      Effect.gen(function* () {
        /** What stops each wait that is still open, and tells where it stood. */
        const open = new Map<Watcher, () => Settled>()
        let listed = false
        const endIfDone = (): void => {
          if (listed && open.size === 0) Queue.endUnsafe(queue)
        }
        const expire = Effect.sync(() => {
          for (const stop of open.values()) Queue.offerUnsafe(queue, stop())
          open.clear()
          endIfDone()
        })
        yield* Effect.addFinalizer(() => Effect.sync(() => open.forEach((stop) => stop())))
        for (const input of refs) {
          const addressed = yield* Effect.result(tryAddress(address, input))
          if (addressed._tag === "Failure") {
            Queue.offerUnsafe(queue, {
              ok: false,
              ref: nameOf(input),
              snapshot: null,
              error: addressed.failure
            })
            continue
          }
          const { ref } = addressed.success.question
          const end = (settled: Settled): void => {
            open.delete(watcher)
            Queue.offerUnsafe(queue, settled)
            endIfDone()
          }
          const watcher = waiter(ref, options, end, (cause) => Queue.failCauseUnsafe(queue, cause))
          let stop = (): void => undefined
          // Open before it is watched: an answer may come at once.
          open.set(watcher, () => {
            stop()
            return late(ref, watcher.last)
          })
          stop = poller.watch(addressed.success, watcher)
        }
        listed = true
        endIfDone()
        if (options.timeout !== undefined) yield* Effect.forkScoped(Effect.delay(expire, options.timeout))
      })
    )

  return { watch, wait, waitAll }
}

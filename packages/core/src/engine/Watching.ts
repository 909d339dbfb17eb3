/** Watching and waiting, for one task and for many. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TaskRef from "../task/TaskRef.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { ConfigurationError } from "./ConfigurationError.ts"
import type { Poller } from "./Poller.ts"
import type { Addressed } from "./ProviderRegistry.ts"
import { present, Wait } from "./Wait.ts"
import type { Settled } from "./Wait.ts"
import type { RefInput, WaitOptions, WatchOptions } from "./WaitOptions.ts"
import type { QueryError, WaitError } from "./WaitError.ts"
import type { Watcher } from "./Watcher.ts"

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

const toExit = (settled: Settled): Effect.Effect<SucceededSnapshot, WaitError> =>
  settled.ok ? Effect.succeed(settled.snapshot) : Effect.fail(settled.error)

/** Watching and waiting on one poller. */
export const makeWatching = (poller: Poller, address: (ref: RefInput) => Addressed) => {
  const stop = (wait: Wait): void => {
    if (wait.task !== undefined) poller.leave(wait.task, wait)
  }

  const watch = (ref: RefInput, options: WatchOptions = {}): Stream.Stream<TaskSnapshot, QueryError> =>
    Stream.callback<TaskSnapshot, QueryError>((queue) => {
      const watcher: Watcher = {
        wantsRaw: options.raw === true,
        isTold: false,
        onTold: (news) => {
          Queue.offerUnsafe(queue, present(news, options))
          if (isTerminal(news.snapshot.status)) Queue.endUnsafe(queue)
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
      }
      return Effect.flatMap(tryAddress(address, ref), (addressed) =>
        Effect.acquireRelease(
          Effect.sync(() => poller.watch(addressed, watcher)),
          (task) => Effect.sync(() => poller.leave(task, watcher))
        )
      )
    })

  const waitOn = (addressed: Addressed, options: WaitOptions): Effect.Effect<SucceededSnapshot, WaitError> =>
    Effect.suspend(() => {
      let isOver = false
      let end: (exit: Effect.Effect<SucceededSnapshot, WaitError>) => void = () => undefined
      const begun = new Wait(addressed.question.ref, {
        options,
        onSettled: (_, settled) => end(toExit(settled)),
        onLost: (_, cause) => end(Effect.failCause(cause))
      })
      const ended = Effect.callback<SucceededSnapshot, WaitError>((resume) => {
        end = (exit) => {
          isOver = true
          stop(begun)
          resume(exit)
        }
        begun.task = poller.watch(addressed, begun)
        // It may have ended at once, when there was nothing to stop yet.
        if (isOver) stop(begun)
        return Effect.sync(() => stop(begun))
      })
      return options.timeout === undefined
        ? ended
        : Effect.timeoutOrElse(ended, { duration: options.timeout, orElse: () => toExit(begun.late) })
    })

  const wait = (ref: RefInput, options: WaitOptions = {}): Effect.Effect<SucceededSnapshot, WaitError> =>
    Effect.flatMap(tryAddress(address, ref), (addressed) => waitOn(addressed, options))

  const waitAll = (refs: Iterable<RefInput>, options: WaitOptions = {}): Stream.Stream<Settled> =>
    Stream.callback<Settled>((queue) =>
      Effect.gen(function* () {
        const open = new Set<Wait>()
        let listed = false
        const endIfDone = (): void => {
          if (listed && open.size === 0) Queue.endUnsafe(queue)
        }
        const waiter = {
          options,
          onSettled: (ended: Wait, settled: Settled) => {
            open.delete(ended)
            Queue.offerUnsafe(queue, settled)
            endIfDone()
          },
          onLost: (_: Wait, cause: Cause.Cause<never>) => {
            Queue.failCauseUnsafe(queue, cause)
          }
        }
        const expire = Effect.sync(() => {
          for (const late of open) {
            stop(late)
            Queue.offerUnsafe(queue, late.late)
          }
          open.clear()
          endIfDone()
        })
        yield* Effect.addFinalizer(() => Effect.sync(() => open.forEach(stop)))
        for (const input of refs) {
          const addressed = yield* Effect.result(tryAddress(address, input))
          if (addressed._tag === "Failure") {
            const error = addressed.failure
            Queue.offerUnsafe(queue, { ok: false, ref: nameOf(input), snapshot: null, error })
            continue
          }
          const begun = new Wait(addressed.success.question.ref, waiter)
          // Open before it is watched: an answer may come at once.
          open.add(begun)
          begun.task = poller.watch(addressed.success, begun)
        }
        listed = true
        endIfDone()
        if (options.timeout !== undefined) yield* Effect.forkScoped(Effect.delay(expire, options.timeout))
      })
    )

  return { watch, wait, waitAll }
}

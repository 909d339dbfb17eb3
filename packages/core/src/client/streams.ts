/** Watching a task, and waiting for many: what answers with a stream, which takes long to load. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TaskRef from "../task/TaskRef.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { withResolvedRef } from "./resolveRef.ts"
import type { ResolveRef } from "./resolveRef.ts"
import type { Poller } from "../polling/Poller.ts"
import { toCallerSnapshot, PendingWait } from "./PendingWait.ts"
import type { Settled } from "./PendingWait.ts"
import type { QueryError } from "./WaitError.ts"
import type { RefInput, WaitOptions, WatchOptions } from "./OperationOptions.ts"
import type { Subscriber } from "../polling/Subscriber.ts"

/** What a ref was, for a message about a ref that is none. */
const nameOf = (ref: RefInput): string => (typeof ref === "string" ? ref : TaskRef.format(ref))

/** Watching, and waiting for many, on one poller. */
export const makeStreams = (poller: Poller, address: ResolveRef) => {
  const watch = (ref: RefInput, options: WatchOptions = {}): Stream.Stream<TaskSnapshot, QueryError> =>
    Stream.callback<TaskSnapshot, QueryError>((queue) => {
      const watcher: Subscriber = {
        wantsRaw: options.raw === true,
        hasUpdate: false,
        onUpdate: (news) => {
          Queue.offerUnsafe(queue, toCallerSnapshot(news, options))
          if (isTerminal(news.snapshot.status)) Queue.endUnsafe(queue)
        },
        onPollError: (missed) => {
          try {
            options.onPollError?.(missed)
          } catch (error) {
            Queue.failCauseUnsafe(queue, Cause.die(error))
          }
        },
        onError: (error) => {
          Queue.failCauseUnsafe(queue, Cause.fail(error))
        },
        onDefect: (cause) => {
          Queue.failCauseUnsafe(queue, cause)
        }
      }
      return withResolvedRef(address, ref, (addressed) =>
        Effect.acquireRelease(
          Effect.sync(() => poller.subscribe(addressed, watcher)),
          (task) => Effect.sync(() => poller.unsubscribe(task, watcher))
        )
      )
    })

  const waitAll = (refs: Iterable<RefInput>, options: WaitOptions = {}): Stream.Stream<Settled> =>
    Stream.callback<Settled>((queue) =>
      Effect.gen(function* () {
        const open = new Set<PendingWait>()
        let listed = false
        const endIfDone = (): void => {
          if (listed && open.size === 0) Queue.endUnsafe(queue)
        }
        const waiter = {
          options,
          onSettled: (ended: PendingWait, settled: Settled) => {
            open.delete(ended)
            Queue.offerUnsafe(queue, settled)
            endIfDone()
          },
          onLost: (_: PendingWait, cause: Cause.Cause<never>) => {
            Queue.failCauseUnsafe(queue, cause)
          }
        }
        const expire = Effect.sync(() => {
          for (const late of open) {
            late.leave(poller)
            Queue.offerUnsafe(queue, late.late)
          }
          open.clear()
          endIfDone()
        })
        yield* Effect.addFinalizer(() => Effect.sync(() => open.forEach((wait) => wait.leave(poller))))
        for (const input of refs) {
          const addressed = yield* Effect.result(withResolvedRef(address, input, Effect.succeed))
          if (addressed._tag === "Failure") {
            const error = addressed.failure
            Queue.offerUnsafe(queue, { ok: false, ref: nameOf(input), snapshot: null, error })
            continue
          }
          const begun = new PendingWait(addressed.success.query.ref, waiter)
          // Open before it is watched: an answer may come at once.
          open.add(begun)
          begun.task = poller.subscribe(addressed.success, begun)
        }
        listed = true
        endIfDone()
        if (options.timeout !== undefined) yield* Effect.forkScoped(Effect.delay(expire, options.timeout))
      })
    )

  return { watch, waitAll }
}

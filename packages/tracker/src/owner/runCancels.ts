import { encodeError } from "@gentask/core/schema"
import { ClientClosed } from "@gentask/core"
import type { EngineService } from "@gentask/core/internal/engine"
import * as Effect from "effect/Effect"
import { startDue } from "../save/startDue.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { CancelOutcome, Ownership, QueuedCancel, TrackerStoreService } from "../store/TrackerStore.ts"
import type { AccountLost } from "./AccountLost.ts"
import { orLost } from "./orLost.ts"

/** How many cancels of an account are sent at the same time. */
const maxConcurrent = 8

/** What the cancels of an account need. */
export interface CancelsOptions {
  readonly store: TrackerStoreService
  readonly ownership: Ownership
  readonly engine: Pick<EngineService, "cancel">
  /** Starts a cancel in the background. */
  readonly fork: (cancel: Effect.Effect<void, AccountLost>) => Effect.Effect<void>
  /** Polls a task soon. */
  readonly wake: (ref: string) => void
}

/** Creates an effect that sends the cancels that other processes have queued. */
export const makeCancels = ({
  store,
  ownership,
  engine,
  fork,
  wake
}: CancelsOptions): Effect.Effect<void, StoreError> => {
  const running = new Set<string>()

  const cancel = ({ id, ref }: QueuedCancel): Effect.Effect<void, AccountLost> =>
    Effect.gen(function* () {
      const outcome = yield* Effect.match(engine.cancel(ref), {
        onSuccess: (result): CancelOutcome => ({ result }),
        // The next owner sends it.
        onFailure: (error): CancelOutcome | undefined =>
          error instanceof ClientClosed ? undefined : { error: encodeError(error) }
      })
      if (outcome === undefined) return
      yield* orLost(ownership, store.cancelSettled(ownership, id, outcome))
      wake(ref)
    }).pipe(Effect.ensuring(Effect.sync(() => running.delete(id))))

  return startDue(running, {
    maxConcurrent,
    read: (limit) => store.queuedCancels(ownership.account, limit),
    keyOf: ({ id }) => id,
    start: (queued) => fork(cancel(queued))
  })
}

import type { AccountClient } from "@gentask/core/internal/engine"
import * as Effect from "effect/Effect"
import type { Ownership, TrackerStoreService } from "../store/TrackerStore.ts"
import { AccountLost } from "./AccountLost.ts"
import type { Bell } from "./Bell.ts"
import { reservedForMs, reserveEveryMs, reserveIdleEveryMs } from "./OwnerOptions.ts"
import { retryStore } from "./retryStore.ts"

interface Budget {
  readonly client: AccountClient
  /** Returns the time of a monotonic clock, in milliseconds. */
  readonly now: () => number
  readonly lastError: () => string | null
  /** Whether there is nothing to send. */
  readonly isIdle: () => boolean
  /** Rings when there is something to send again. */
  readonly bell: Bell
}

/**
 * Reserves the account for the next seconds. The reservation is measured from before the call, so that it ends here before
 * it ends for other processes.
 */
export const reserveOnce = (
  store: TrackerStoreService,
  ownership: Ownership,
  { client, now, lastError }: Budget
): Effect.Effect<void, AccountLost> =>
  retryStore(
    Effect.suspend(() => {
      const calledAt = now()
      const spent = client.budget.reserved(calledAt, reservedForMs)
      return Effect.flatMap(store.reserve(ownership, spent, lastError()), (isOwner) => {
        if (!isOwner) return Effect.fail(new AccountLost({ account: ownership.account }))
        client.budget.reserveUntil(calledAt + reservedForMs)
        client.queue.resume()
        return Effect.void
      })
    })
  )

/**
 * Extends the reservation every second, and rarely while there is nothing to send. While the database cannot be reached,
 * the account sends nothing.
 */
export const keepReserved = (
  store: TrackerStoreService,
  ownership: Ownership,
  budget: Budget
): Effect.Effect<never, AccountLost> =>
  Effect.forever(
    Effect.suspend(() => {
      const startedAt = budget.now()
      return Effect.andThen(
        reserveOnce(store, ownership, budget),
        Effect.suspend(() =>
          budget.isIdle()
            ? budget.bell.wait(reserveIdleEveryMs)
            : Effect.sleep(Math.max(0, startedAt + reserveEveryMs - budget.now()))
        )
      )
    })
  )

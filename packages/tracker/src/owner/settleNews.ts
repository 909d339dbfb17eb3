import type { TaskSnapshot } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { Ownership, TrackerStoreService } from "../store/TrackerStore.ts"
import type { AccountLost } from "./AccountLost.ts"
import { orLost } from "./orLost.ts"

const maxBatch = 500

/** Keeps the last snapshot of each task, unless an earlier one has another status. */
const withoutRepetitions = (snapshots: ReadonlyArray<TaskSnapshot>): ReadonlyArray<TaskSnapshot> => {
  const last = new Map(snapshots.map((snapshot) => [`${snapshot.ref} ${snapshot.status}`, snapshot]))
  return last.size === snapshots.length ? snapshots : [...last.values()]
}

/** Records what is queued, in batches. */
export const settleNews = (
  store: TrackerStoreService,
  ownership: Ownership,
  news: Queue.Queue<TaskSnapshot>
) =>
  Effect.flatMap(Queue.takeBetween(news, 1, maxBatch), (batch) =>
    orLost(ownership, store.settle(ownership, withoutRepetitions(batch)))
  )

/** Records what is queued before an account is handed over. */
export const flushNews = (
  store: TrackerStoreService,
  ownership: Ownership,
  news: Queue.Queue<TaskSnapshot>
) =>
  Effect.whileLoop({
    while: () => Queue.sizeUnsafe(news) > 0,
    body: () => settleNews(store, ownership, news),
    step: () => undefined
  })

/** Records the last errors of tasks. */
export const recordTaskErrors = (
  store: TrackerStoreService,
  ownership: Ownership,
  errors: Map<string, string | null>
): Effect.Effect<boolean, AccountLost> =>
  Effect.suspend(() => {
    const batch = [...errors].slice(0, maxBatch)
    if (batch.length === 0) return Effect.succeed(false)
    for (const [ref] of batch) errors.delete(ref)
    const entries = batch.map(([ref, error]) => ({ ref, error }))
    return Effect.as(orLost(ownership, store.recordErrors(ownership, entries)), errors.size > 0)
  })

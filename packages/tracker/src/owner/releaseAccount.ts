import type { TaskSnapshot } from "@gentask/core"
import type { AccountClient, EngineService, sharedBudget } from "@gentask/core/internal/engine"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Queue from "effect/Queue"
import type { Ownership, TrackerStoreService } from "../store/TrackerStore.ts"
import type { OpenTasks } from "./OpenTasks.ts"
import { orLost } from "./orLost.ts"
import { flushNews } from "./settleNews.ts"

/** How long submits that were sent may wait for their response, in milliseconds. Later, their outcome is unknown. */
const submitGraceMs = 10_000

/** How long handing over may take if the database does not respond, in milliseconds. */
const releaseMs = 5000

/** How many tasks' progress is handed over, so that it takes no longer than a moment. Others are polled like after a crash. */
const maxProgress = 20_000

interface Released {
  readonly store: TrackerStoreService
  readonly ownership: Ownership
  readonly engine: Pick<EngineService, "poller">
  readonly client: AccountClient
  readonly submitBudget: ReturnType<typeof sharedBudget>
  readonly tasks: OpenTasks
  readonly news: Queue.Queue<TaskSnapshot>
  readonly submits: FiberSet.FiberSet<void>
  readonly now: () => number
  readonly isLost: boolean
}

/** Ends polling, records what is known, and hands the account over. */
export const releaseAccount = ({
  store,
  ownership,
  engine,
  client,
  submitBudget,
  tasks,
  news,
  submits,
  now,
  isLost
}: Released): Effect.Effect<void> =>
  Effect.gen(function* () {
    const progress = isLost ? [] : tasks.progress().slice(0, maxProgress)
    client.budget.reserveUntil(Number.NEGATIVE_INFINITY)
    tasks.close()
    engine.poller.close()
    if (isLost) return
    const submitsEnd = Effect.interruptible(FiberSet.awaitEmpty(submits))
    const areSubmitsDone = (yield* Effect.timeoutOption(submitsEnd, submitGraceMs))._tag === "Some"
    const handOver = Effect.andThen(
      flushNews(store, ownership, news),
      Effect.suspend(() => {
        const spent = client.budget.spent(now())
        // Submits that are still under way may be sent later.
        const all = areSubmitsDone ? { ...spent, submits: submitBudget.spent(now()) } : spent
        return orLost(ownership, store.release(ownership, all, progress))
      })
    )
    yield* Effect.ignore(Effect.timeoutOption(Effect.interruptible(handOver), releaseMs))
  })

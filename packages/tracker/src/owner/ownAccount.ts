import type { SavedFile, TaskSnapshot } from "@gentask/core"
import { accountName } from "@gentask/core/internal"
import { makeEngine, sharedBudget } from "@gentask/core/internal/engine"
import type { Transport } from "@gentask/core/internal/engine"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import type { SaveResult } from "../save/saveDue.ts"
import { makeSaves } from "../save/saveDue.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { Ownership, TrackerStoreService } from "../store/TrackerStore.ts"
import type { AccountLost } from "./AccountLost.ts"
import { Bell } from "./Bell.ts"
import { OpenTasks } from "./OpenTasks.ts"
import type { OwnedAccounts } from "./OwnedAccounts.ts"
import { ownedStatus } from "./ownedStatus.ts"
import { orLost } from "./orLost.ts"
import type { OwnerOptions } from "./OwnerOptions.ts"
import { scanEveryMs } from "./OwnerOptions.ts"
import { releaseAccount } from "./releaseAccount.ts"
import { keepReserved, reserveOnce } from "./reserveBudget.ts"
import { retryStore } from "./retryStore.ts"
import { makeCancels } from "./runCancels.ts"
import { abandonSubmits, makeSubmits } from "./runSubmits.ts"
import { submitLedger } from "./submitLedger.ts"
import { makeScan } from "./scanTasks.ts"
import { recordTaskErrors, settleNews } from "./settleNews.ts"

const recordSave = (
  store: TrackerStoreService,
  ownership: Ownership,
  ref: string,
  result: SaveResult
): Effect.Effect<void, AccountLost> =>
  orLost(
    ownership,
    "files" in result
      ? store.saved(ownership, ref, result.files satisfies ReadonlyArray<SavedFile>)
      : store.saveFailed(ownership, ref, result.error, result.retryInMs)
  )

/** Takes an account and works on it until another process takes it, or the scope is closed. */
const ownOnce = Effect.fnUntraced(function* (options: OwnerOptions, owned: OwnedAccounts) {
  const store = yield* TrackerStore
  const account = accountName(options.provider)
  const random = yield* Random.Random
  // A rate budget is shared by the engines of one clock. Each ownership begins with a budget of its own.
  const clock = Object.create(yield* Clock.Clock) as Clock.Clock
  const now = (): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  const ownership = yield* retryStore(store.take(account, options.owner))
  const engine = yield* Effect.provideService(
    makeEngine({
      providers: [options.provider],
      ledger: submitLedger(store.ledger),
      recordsTasks: false,
      pollPolicy: options.pollPolicy
    }),
    Clock.Clock,
    clock
  )
  const client = engine.registry.account(account)
  client.budget.reserveUntil(Number.NEGATIVE_INFINITY)
  client.budget.restore(now(), ownership.spent)
  const submitBudget = sharedBudget(clock, client.account, "submit")
  // The submits of an owner that was killed are not known: all that the rate limit permits may have been sent just now.
  if (ownership.epoch > 1)
    submitBudget.restore(now(), ownership.spent.submits ?? submitBudget.reserved(now(), 0))

  const news = yield* Queue.unbounded<TaskSnapshot>()
  const taskErrors = new Map<string, string | null>()
  const bells = {
    tasks: new Bell(),
    submits: new Bell(),
    cancels: new Bell(),
    saves: new Bell(),
    deliveries: new Bell(),
    errors: new Bell(),
    reserve: new Bell()
  }
  const tasks = new OpenTasks({
    engine,
    client,
    policy: options.pollPolicy,
    now,
    random: () => random.nextDoubleUnsafe(),
    onNews: (snapshot) => Queue.offerUnsafe(news, snapshot),
    onTaskError: (ref, message) => {
      taskErrors.set(ref, message)
      bells.errors.ring()
    }
  })
  const lost = yield* Deferred.make<never, AccountLost>()
  const orStop = <A>(effect: Effect.Effect<A, AccountLost>): Effect.Effect<void> =>
    Effect.matchCauseEffect(effect, {
      onFailure: (cause) => Effect.asVoid(Deferred.failCause(lost, cause)),
      onSuccess: () => Effect.void
    })
  const saves = yield* FiberSet.make<void>()
  const submits = yield* FiberSet.make<void>()

  const state = { isLost: false }
  yield* Effect.addFinalizer(() =>
    releaseAccount({
      store,
      ownership,
      engine,
      client,
      submitBudget,
      tasks,
      news,
      submits,
      now,
      isLost: state.isLost
    })
  )
  yield* owned.add(account, {
    engine,
    client,
    onHint: () => {
      for (const bell of [bells.tasks, bells.submits, bells.cancels, bells.deliveries]) bell.ring()
    },
    wake: (ref) => {
      if (!tasks.wake(ref)) bells.tasks.ring()
    },
    status: () => ownedStatus(client, tasks.lastError, now())
  })

  const isIdle = (): boolean => tasks.size === 0 && [...saves].length === 0
  const budget = {
    client,
    now,
    lastError: () => tasks.lastError?.message ?? null,
    isIdle,
    bell: bells.reserve
  }
  yield* Effect.tapError(reserveOnce(store, ownership, budget), () =>
    Effect.sync(() => (state.isLost = true))
  )
  const settle = Effect.forever(
    Effect.andThen(
      settleNews(store, ownership, news),
      Effect.sync(() => {
        bells.saves.ring()
        bells.deliveries.ring()
      })
    )
  )
  const loops: ReadonlyArray<Effect.Effect<never, AccountLost>> = [
    Deferred.await(lost),
    keepReserved(store, ownership, budget),
    settle,
    bells.tasks.loop(
      scanEveryMs,
      Effect.tap(makeScan(store, account, tasks), () => Effect.sync(() => !isIdle() && bells.reserve.ring()))
    ),
    bells.errors.loop(scanEveryMs, recordTaskErrors(store, ownership, taskErrors)),
    Effect.andThen(
      retryStore(abandonSubmits(store.ledger, account)),
      bells.submits.loop(
        scanEveryMs,
        makeSubmits({
          store,
          ownership,
          engine,
          toSubmitInput: options.toSubmitInput,
          webhookUrl: client.account.spec.webhook && options.webhookUrl,
          fork: (submit) => Effect.asVoid(FiberSet.run(submits, orStop(submit))),
          onOutcome: () => {
            for (const bell of [bells.submits, bells.tasks, bells.saves, bells.deliveries]) bell.ring()
          }
        })
      )
    ),
    bells.cancels.loop(
      scanEveryMs,
      makeCancels({
        store,
        ownership,
        engine,
        fork: (cancel) => Effect.asVoid(FiberSet.run(submits, orStop(cancel))),
        wake: tasks.wake.bind(tasks)
      })
    ),
    bells.saves.loop(
      scanEveryMs,
      makeSaves({
        dueSaves: (limit) => store.dueSaves(account, limit),
        save: (snapshot) => engine.save(snapshot, options.place),
        record: (ref, result) => recordSave(store, ownership, ref, result),
        fork: (attempt) =>
          Effect.andThen(
            FiberSet.run(saves, orStop(attempt)),
            Effect.sync(() => bells.reserve.ring())
          ),
        onEnd: () => {
          bells.saves.ring()
          bells.deliveries.ring()
        },
        wallNow: () => clock.currentTimeMillisUnsafe()
      })
    ),
    bells.deliveries.loop(
      scanEveryMs,
      Effect.map(options.deliverDue(account), (tried) => tried > 0)
    )
  ]
  return yield* Effect.tapError(Effect.raceAllFirst(loops), () => Effect.sync(() => (state.isLost = true)))
})

/** How long to wait before an account is taken again, in milliseconds. Meanwhile, a new owner ends this one. */
const retakeMs = 3000

/**
 * Owns an account for as long as the effect runs: polls its open tasks, saves their outputs, submits, and delivers events.
 * Never fails. Interruption hands the account over.
 */
export const ownAccount = (
  options: OwnerOptions,
  owned: OwnedAccounts
): Effect.Effect<never, never, TrackerStore | Transport> => {
  const account = accountName(options.provider)
  return Effect.forever(
    Effect.scoped(ownOnce(options, owned)).pipe(
      Effect.catchTag("AccountLost", () =>
        Effect.logInfo(`The account ${account} was taken by another process.`)
      ),
      Effect.catchCause((cause) =>
        Effect.logError(`The owner of ${account} stopped and starts again.`, cause)
      ),
      Effect.andThen(Effect.sleep(retakeMs))
    )
  )
}

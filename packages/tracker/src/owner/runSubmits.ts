import { ConfigurationError, isTerminal } from "@gentask/core"
import type { Ledger, SubmitInput } from "@gentask/core"
import { livenessOf, unsettledReason } from "@gentask/core/internal/engine"
import type { EngineService } from "@gentask/core/internal/engine"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { startDue } from "../save/startDue.ts"
import { StoreError } from "../store/StoreError.ts"
import type { Ownership, QueuedSubmit, TrackerStoreService } from "../store/TrackerStore.ts"
import type { AccountLost } from "./AccountLost.ts"
import { orLost } from "./orLost.ts"
import { submitOutcome } from "./submitOutcome.ts"
import type { RecordedOutcome } from "./submitOutcome.ts"

/** How many submits of an account are prepared and sent at the same time. */
const maxConcurrent = 8

/** What the submits of an account need. */
export interface SubmitsOptions {
  readonly store: TrackerStoreService
  readonly ownership: Ownership
  readonly engine: Pick<EngineService, "submit" | "reconcile">
  readonly toSubmitInput: (request: unknown) => SubmitInput
  /** Where the vendor can send its webhooks. */
  readonly webhookUrl: string | undefined
  /** Starts a submit in the background. It is awaited before the account is handed over. */
  readonly fork: (submit: Effect.Effect<void, AccountLost>) => Effect.Effect<void>
  /** Called when there is an outcome, and thus perhaps new tasks. */
  readonly onOutcome: () => void
}

const outcomeOf = (
  exit: Exit.Exit<{ readonly refs: ReadonlyArray<string> }, unknown>
): RecordedOutcome | undefined => {
  if (Exit.isSuccess(exit)) return { state: "accepted", refs: exit.value.refs, error: null }
  return Cause.hasInterruptsOnly(exit.cause) ? undefined : submitOutcome(Cause.squash(exit.cause))
}

/** Creates an effect that starts the queued submits of an account. */
export const makeSubmits = ({
  store,
  ownership,
  engine,
  toSubmitInput,
  webhookUrl,
  fork,
  onOutcome
}: SubmitsOptions): Effect.Effect<void, StoreError> => {
  const running = new Set<string>()

  const send = (input: SubmitInput) => {
    const plain = engine.submit(input)
    if (webhookUrl === undefined) return plain
    // Vendors may have webhooks for some models only. Such an error says that nothing was sent.
    return Effect.catchIf(
      engine.submit({ ...input, webhook: { url: webhookUrl } }),
      (error) => error instanceof ConfigurationError,
      () => plain
    )
  }

  const submit = ({ id, request, idempotencyKey }: QueuedSubmit): Effect.Effect<void, AccountLost> =>
    Effect.gen(function* () {
      const input = Effect.try({ try: () => toSubmitInput(request), catch: (error) => error })
      const exit = yield* Effect.exit(
        Effect.flatMap(input, (decoded) => send({ ...decoded, account: ownership.account, idempotencyKey }))
      )
      // Vendors return the results of some tasks at once. These are never polled, but their outputs must be saved.
      const results =
        Exit.isSuccess(exit) && isTerminal(exit.value.snapshot.status) ? [exit.value.snapshot] : []
      if (results.length > 0) yield* orLost(ownership, store.settle(ownership, results))
      const outcome = outcomeOf(exit)
      if (outcome === undefined) return
      yield* orLost(ownership, store.submitSettled(ownership, id, outcome))
      onOutcome()
    }).pipe(Effect.ensuring(Effect.sync(() => running.delete(id))))

  return startDue(running, {
    maxConcurrent,
    read: (limit) => store.queuedSubmits(ownership.account, limit),
    keyOf: ({ id }) => id,
    start: (queued) => fork(submit(queued))
  })
}

const tryLedger = <A>(use: () => Promise<A>): Effect.Effect<A, StoreError> =>
  Effect.tryPromise({
    try: use,
    catch: (cause) => new StoreError({ message: "The ledger cannot be used.", isRetryable: true, cause })
  })

/**
 * Records that the outcome of submits of earlier owners is unknown. A process of this machine that still submits is
 * left alone. On another machine, it cannot be observed: it has lost the account, and if it gets a response after all,
 * the accepted outcome replaces the unknown one.
 */
export const abandonSubmits = (ledger: Ledger, account: string): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const pending = yield* tryLedger(() => ledger.intents({ states: ["pending"], account }))
    for (const { id, owner, attempts } of pending)
      if (livenessOf(owner) !== "alive")
        yield* tryLedger(() =>
          ledger.settle(id, { state: "unknown", error: unsettledReason, attempts: Math.max(1, attempts) })
        )
  })

/** Resolves a submit whose idempotency key was used before. */
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { firstSnapshots } from "./firstSnapshots.ts"
import type { PreparedSubmit } from "./prepareSubmit.ts"
import { reconcileIntent, unsettledReason } from "./reconcileIntent.ts"
import { submitAborted } from "./SubmitAborted.ts"
import type { SubmitAborted } from "./SubmitAborted.ts"
import type { SubmitContext } from "./SubmitContext.ts"
import { LedgerFailed, SubmitOutcomeUnknown } from "./SubmitError.ts"
import type { Submitted } from "./SubmitInput.ts"

interface ExistingOptions {
  readonly prepared: PreparedSubmit
  /** Returns the latest snapshot of a task. */
  readonly query: (ref: string) => Effect.Effect<TaskSnapshot, unknown>
  readonly restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** How often to look whether another process has settled an intent, in milliseconds. */
const checkMs = 500

const reusedKey = (account: string, idempotencyKey: string): ConfigurationError =>
  new ConfigurationError({
    reason: { _tag: "IdempotencyKeyReused", account, idempotencyKey },
    message: `${account}: the idempotency key ${idempotencyKey} was used for another request. Use a new key, or the same request.`
  })

const replayOf = (intent: Intent, refs: ReadonlyArray<string>, snapshot: TaskSnapshot): Submitted => ({
  ref: snapshot.ref,
  refs,
  snapshot,
  intent: intent.id,
  idempotencyKey: intent.idempotencyKey,
  isReplay: true,
  warnings: []
})

/** Returns the latest snapshot of a task, or the first one if it cannot be queried now. */
const snapshotOf = (
  { account }: SubmitContext,
  intent: Intent,
  ref: string,
  query: ExistingOptions["query"]
): Effect.Effect<TaskSnapshot> =>
  query(ref).pipe(
    Effect.catch(() => {
      const { id, params } = TaskRef.parse(ref)
      const { model, prompt, createdAt } = intent
      const submitted = { model, prompt, at: createdAt.getTime() }
      const { snapshots } = firstSnapshots(account, [{ id, params }], undefined, submitted)
      return Effect.succeed(snapshots[0] as TaskSnapshot)
    })
  )

/** Waits until the process that submits has recorded the outcome, or has ended. */
const settledIntent = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent,
  restore: ExistingOptions["restore"]
): Effect.Effect<Intent, LedgerFailed | SubmitAborted> =>
  Effect.gen(function* () {
    let current = intent
    while (current.state === "pending" && context.isSubmitting(current)) {
      const isAborted = yield* restore(
        Effect.raceFirst(Effect.as(context.aborted, true), Effect.as(Effect.sleep(checkMs), false))
      )
      if (isAborted) return yield* Effect.fail(submitAborted)
      current = yield* Effect.tryPromise({
        try: async () => (await ledger.intent(intent.id)) ?? current,
        catch: (error) => new LedgerFailed(error)
      })
    }
    return current
  })

/**
 * Returns the task of an earlier submit with the same key, or undefined if that submit created none. Fails with
 * `SubmitOutcomeUnknown` if its outcome is unknown and cannot be found out, and with a `ConfigurationError` if it was
 * another request.
 */
export const existingIntent = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent,
  { prepared, query, restore }: ExistingOptions
): Effect.Effect<
  Submitted | undefined,
  ConfigurationError | SubmitOutcomeUnknown | LedgerFailed | SubmitAborted
> =>
  Effect.gen(function* () {
    if (intent.digest !== prepared.digest)
      return yield* Effect.fail(reusedKey(prepared.account, intent.idempotencyKey))
    const current = yield* settledIntent(context, ledger, intent, restore)
    const { result, refs } = yield* reconcileIntent(context, ledger, current)
    const [ref] = refs
    if (result === "no-task") return undefined
    if (result === "accepted" && ref !== undefined)
      return replayOf(current, refs, yield* restore(snapshotOf(context, current, ref, query)))
    return yield* Effect.fail(
      new SubmitOutcomeUnknown({
        account: prepared.account,
        model: prepared.model,
        idempotencyKey: current.idempotencyKey,
        intent: current.id,
        lastError: current.error ?? unsettledReason
      })
    )
  })

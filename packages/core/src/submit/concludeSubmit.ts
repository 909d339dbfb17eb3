/** Records how a submit ended. */
import * as Effect from "effect/Effect"
import type { Intent, IntentOutcome } from "../ledger/Ledger.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SubmitOutcome } from "../provider/SubmitOutcome.ts"
import { classifyRejection } from "./classifyRejection.ts"
import { firstSnapshots } from "./firstSnapshots.ts"
import type { FirstSnapshots } from "./firstSnapshots.ts"
import type { PreparedSubmit } from "./prepareSubmit.ts"
import type { SendProgress, SendResult } from "./sendSubmit.ts"
import { submitAborted } from "./SubmitAborted.ts"
import type { SubmitAborted } from "./SubmitAborted.ts"
import type { SubmitContext } from "./SubmitContext.ts"
import { describeLedgerError, SubmitOutcomeUnknown, SubmitRejected } from "./SubmitError.ts"
import type { SubmitErrorFields } from "./SubmitError.ts"
import type { Submitted } from "./SubmitInput.ts"

const abortedReason: ErrorReason = {
  _tag: "Unreachable",
  code: "ABORTED",
  message: "The submit was aborted while its request was being sent"
}

const unsentReason: ErrorReason = {
  _tag: "Unreachable",
  code: "ABORTED",
  message: "The submit was aborted, and created no task"
}

/** How long the ledger may take to record an outcome, in milliseconds. Then the caller receives it without a record. */
const maxSettleMs = 30_000

/** The result of a promise, or else `undefined` after a time. A ledger may be at the other end of a network. */
const within = async <A>(ms: number, promise: Promise<A>): Promise<A | undefined> => {
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), ms)
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Settles an intent. Returns a sentence if the ledger could not be written.
 *
 * The intent belongs to another process if that has replaced it while this one was suspended. It then keeps its state,
 * unless there is a task.
 */
const settle = (
  { ledger, owner }: SubmitContext,
  intent: Intent | undefined,
  outcome: IntentOutcome
): Effect.Effect<ReadonlyArray<string>> => {
  if (ledger === undefined || intent === undefined) return Effect.succeed([])
  const settled = async (): Promise<ReadonlyArray<string>> => {
    try {
      const current = outcome.state === "accepted" ? undefined : await ledger.intent(intent.id)
      if (current === undefined || current.owner === owner) await ledger.settle(intent.id, outcome)
      return []
    } catch (error) {
      return [`The ledger could not record the outcome: ${describeLedgerError(error)}`]
    }
  }
  const late = `The ledger has not recorded the outcome within ${maxSettleMs / 1000} seconds.`
  return Effect.promise(async () => (await within(maxSettleMs, settled())) ?? [late])
}

/** Returns the first snapshots of accepted tasks. A draft that cannot be read does not lose the tasks. */
const acceptedTasks = (
  { account }: SubmitContext,
  { model, prompt }: PreparedSubmit,
  { tasks, draft }: Extract<SubmitOutcome, { readonly _tag: "Accepted" }>,
  at: number
): FirstSnapshots => {
  const submitted = { model, prompt, at }
  try {
    return firstSnapshots(account, tasks, draft, submitted)
  } catch {
    return firstSnapshots(account, tasks, undefined, submitted)
  }
}

/** A submit that is being sent. */
export interface StartedSubmit {
  readonly intent: Intent | undefined
  readonly fields: SubmitErrorFields
  readonly progress: SendProgress
}

/** Records the outcome of a submit, and returns its tasks or fails with its error. */
export const concludeSubmit = (
  context: SubmitContext,
  prepared: PreparedSubmit,
  { intent, fields, progress: { attempts, mayHaveTask } }: StartedSubmit,
  result: SendResult,
  at: number
): Effect.Effect<Submitted, SubmitRejected | SubmitOutcomeUnknown | SubmitAborted> =>
  Effect.gen(function* () {
    const unknown = (lastError: ErrorReason): Effect.Effect<never, SubmitOutcomeUnknown> =>
      Effect.andThen(
        settle(context, intent, { state: "unknown", error: lastError, attempts }),
        Effect.fail(new SubmitOutcomeUnknown({ ...fields, lastError }))
      )
    if (result._tag === "Aborted") {
      if (mayHaveTask) return yield* unknown(abortedReason)
      yield* settle(context, intent, { state: "rejected", error: unsentReason, attempts })
      return yield* Effect.fail(submitAborted)
    }
    const { outcome } = result
    if (outcome._tag === "Accepted") {
      const { snapshots, warnings } = acceptedTasks(context, prepared, outcome, at)
      const [snapshot] = snapshots
      if (snapshot === undefined) return yield* unknown({ _tag: "UnexpectedResponse", path: "" })
      const problems = yield* settle(context, intent, { state: "accepted", tasks: snapshots, attempts })
      return {
        ref: snapshot.ref,
        refs: snapshots.map(({ ref }) => ref),
        snapshot,
        intent: fields.intent,
        idempotencyKey: fields.idempotencyKey,
        isReplay: false,
        warnings: [...warnings, ...problems]
      }
    }
    const { reason } = outcome
    if (outcome._tag === "UnknownOutcome") return yield* unknown(reason)
    yield* settle(context, intent, { state: "rejected", error: reason, attempts })
    return yield* Effect.fail(new SubmitRejected({ ...fields, reason, failure: classifyRejection(reason) }))
  })

/** Settles an intent whose submit failed without an outcome, or was interrupted. */
export const settleUnfinished = (
  context: SubmitContext,
  { intent, progress: { attempts, mayHaveTask } }: StartedSubmit
): Effect.Effect<unknown> =>
  settle(
    context,
    intent,
    mayHaveTask
      ? { state: "unknown", error: abortedReason, attempts }
      : { state: "rejected", error: unsentReason, attempts }
  )

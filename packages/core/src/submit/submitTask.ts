/** Submits a task: at most once, with a record before and after. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Intent, IntentOutcome } from "../ledger/Ledger.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SubmitRequest } from "../provider/SubmitOperation.ts"
import { classifyRejection } from "./classifyRejection.ts"
import { describeRequest } from "./describeRequest.ts"
import { firstSnapshots } from "./firstSnapshots.ts"
import { idempotencyKeyOf, intentRecord } from "./intentRecord.ts"
import type { PreparedSubmit } from "./prepareSubmit.ts"
import { sendSubmit } from "./sendSubmit.ts"
import type { SendResult } from "./sendSubmit.ts"
import type { SubmitContext } from "./SubmitContext.ts"
import { LedgerFailed, SubmitOutcomeUnknown, SubmitRejected } from "./SubmitError.ts"
import type { SubmitErrorFields, UploadFailed } from "./SubmitError.ts"
import type { Submitted } from "./SubmitInput.ts"
import { uploadFiles } from "./uploadFiles.ts"

/** The caller aborted the submit, and the vendor received nothing. */
export interface SubmitAborted {
  readonly _tag: "SubmitAborted"
}

/** Why a submit failed. */
export type SubmitError =
  | ConfigurationError
  | SubmitRejected
  | SubmitOutcomeUnknown
  | UploadFailed
  | LedgerFailed

const abortedReason: ErrorReason = {
  _tag: "Unreachable",
  code: "ABORTED",
  message: "The submit was aborted while its request was under way"
}

const traceId = Effect.map(Effect.option(Effect.currentSpan), (span) =>
  span._tag === "Some" ? span.value.traceId : null
)

/** Settles an intent. Returns a sentence if the ledger could not be written. */
const settle = (
  { ledger }: SubmitContext,
  intent: Intent | undefined,
  outcome: IntentOutcome
): Effect.Effect<ReadonlyArray<string>> =>
  ledger === undefined || intent === undefined
    ? Effect.succeed([])
    : Effect.match(
        Effect.tryPromise(() => ledger.settle(intent.id, outcome)),
        {
          onSuccess: () => [],
          onFailure: ({ cause }) => [
            `The ledger could not record the outcome: ${cause instanceof Error ? cause.message : String(cause)}`
          ]
        }
      )

/** Records the outcome of a submit, and returns its tasks or fails with its error. */
const conclude = (
  context: SubmitContext,
  prepared: PreparedSubmit,
  intent: Intent | undefined,
  fields: SubmitErrorFields,
  result: SendResult,
  at: number
): Effect.Effect<Submitted, SubmitRejected | SubmitOutcomeUnknown | SubmitAborted> =>
  Effect.gen(function* () {
    const { attempts } = result
    const unknown = (lastError: ErrorReason): Effect.Effect<never, SubmitOutcomeUnknown> =>
      Effect.andThen(
        settle(context, intent, { state: "unknown", error: lastError, attempts }),
        Effect.fail(new SubmitOutcomeUnknown({ ...fields, lastError }))
      )
    if (result._tag === "Aborted") {
      if (result.mayHaveBeenSent) return yield* unknown(abortedReason)
      yield* settle(context, intent, { state: "rejected", error: abortedReason, attempts: 0 })
      return yield* Effect.fail<SubmitAborted>({ _tag: "SubmitAborted" })
    }
    const { outcome } = result
    if (outcome._tag === "Accepted") {
      const { model, prompt } = prepared
      const { snapshots, warnings } = firstSnapshots(context.account, outcome.tasks, outcome.draft, {
        model,
        prompt,
        at
      })
      const problems = yield* settle(context, intent, { state: "accepted", tasks: snapshots, attempts })
      const [snapshot] = snapshots
      if (snapshot === undefined) return yield* unknown({ _tag: "UnexpectedResponse", path: "" })
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

/**
 * Submits a prepared request whose idempotency key has no earlier intent.
 *
 * The order: upload the files, record the intent durably, send one request, record the outcome. A crash between the two
 * records leaves an intent without an outcome, which is never sent again by itself.
 */
export const submitTask = (
  context: SubmitContext,
  prepared: PreparedSubmit,
  key: string | undefined,
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
): Effect.Effect<Submitted | { readonly existing: Intent }, SubmitError | SubmitAborted> =>
  Effect.gen(function* () {
    const { account, ledger } = context
    const { operation, model, webhook } = prepared
    const clock = yield* Clock.Clock
    const idempotencyKey = idempotencyKeyOf(key)
    const bytes = new Map([...prepared.files].map(([id, { blob }]) => [id, blob]))
    const input = yield* restore(uploadFiles(context, prepared, bytes))
    const request: SubmitRequest = { model, input, idempotencyKey, webhook }
    const spec = describeRequest(account, operation, request)
    let intent: Intent | undefined
    if (ledger !== undefined) {
      const createdAt = new Date(clock.currentTimeMillisUnsafe())
      const record = intentRecord(account, prepared, input, {
        idempotencyKey,
        owner: context.owner,
        traceId: yield* traceId,
        createdAt
      })
      const begun = yield* Effect.tryPromise({
        try: () => ledger.begin(record),
        catch: (error) => new LedgerFailed(error)
      })
      // Another process has begun the same submit since the key was looked up.
      if (!begun.isNew) return { existing: begun.intent }
      intent = begun.intent
    }
    const fields: SubmitErrorFields = {
      account: prepared.account,
      model,
      idempotencyKey,
      intent: intent?.id ?? null
    }
    const sent = sendSubmit(context, operation, request, spec, bytes, restore).pipe(
      Effect.tapError(() =>
        settle(context, intent, { state: "rejected", error: { _tag: "InvalidRequest" }, attempts: 0 })
      ),
      Effect.onInterrupt(() =>
        settle(context, intent, { state: "unknown", error: abortedReason, attempts: 1 })
      )
    )
    const result = yield* sent
    return yield* conclude(context, prepared, intent, fields, result, clock.currentTimeMillisUnsafe())
  })

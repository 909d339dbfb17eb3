/** Submits a task: at most once, with a record before and after. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Intent } from "../ledger/Ledger.ts"
import type { FileSource } from "../exchange/FileSource.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import type { SubmitRequest } from "../provider/SubmitOperation.ts"
import { formatTraceparent } from "../telemetry/traceparent.ts"
import { concludeSubmit, settleUnfinished } from "./concludeSubmit.ts"
import type { StartedSubmit } from "./concludeSubmit.ts"
import { describeRequest } from "./describeRequest.ts"
import { invalidInput } from "./invalidInput.ts"
import { intentRecord } from "./intentRecord.ts"
import type { PreparedSubmit } from "./prepareSubmit.ts"
import { maxSendDelayMs } from "./intentOwner.ts"
import { sendSubmit } from "./sendSubmit.ts"
import { steadyNow } from "./steadyNow.ts"
import type { SendProgress } from "./sendSubmit.ts"
import { untilAborted } from "./SubmitAborted.ts"
import type { SubmitAborted } from "./SubmitAborted.ts"
import type { Post, SubmitContext } from "./SubmitContext.ts"
import { LedgerFailed } from "./SubmitError.ts"
import type { SubmitErrorFields, SubmitOutcomeUnknown, SubmitRejected, UploadFailed } from "./SubmitError.ts"
import type { Submitted } from "./SubmitInput.ts"
import { uploadFiles } from "./uploadFiles.ts"

/** Why a submit failed. */
export type SubmitError =
  | ConfigurationError
  | SubmitRejected
  | SubmitOutcomeUnknown
  | UploadFailed
  | LedgerFailed

const traceparent = Effect.map(Effect.option(Effect.currentSpan), (span) =>
  span._tag === "Some" ? formatTraceparent(span.value) : null
)

/** Encodes the request. A file that cannot be read is an invalid input. */
const encodeRequest = (
  { exchange }: SubmitContext,
  { account, model }: PreparedSubmit,
  spec: RequestSpec,
  bytes: FileSource
): Effect.Effect<Post, ConfigurationError> =>
  Effect.mapError(exchange.encode(spec, bytes), (error) =>
    error._tag === "SendFailure"
      ? invalidInput(account, model, [{ path: "", message: String(error.reason.message) }])
      : error
  )

/**
 * Submits a prepared request whose idempotency key has no earlier intent.
 *
 * The order: upload the files, record the intent durably, send one request, record the outcome. A crash between the two
 * records leaves an intent without an outcome, which is never sent again by itself.
 */
export const submitTask = (
  context: SubmitContext,
  prepared: PreparedSubmit,
  idempotencyKey: string,
  restore: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
): Effect.Effect<Submitted | { readonly existing: Intent }, SubmitError | SubmitAborted> =>
  Effect.gen(function* () {
    const { account, ledger, aborted } = context
    const { operation, model, webhook } = prepared
    const clock = yield* Clock.Clock
    const now = steadyNow(clock)
    const bytes = new Map([...prepared.files].map(([id, { blob }]) => [id, blob]))
    const input = yield* restore(untilAborted(aborted, uploadFiles(context, prepared, bytes)))
    const request: SubmitRequest = { model, input, idempotencyKey, webhook }
    const spec = yield* Effect.try({
      try: () => describeRequest(account, operation, request),
      catch: (error) => error as ConfigurationError
    })
    const post = yield* restore(untilAborted(aborted, encodeRequest(context, prepared, spec, bytes)))
    const sendBefore = now() + maxSendDelayMs
    let intent: Intent | undefined
    if (ledger !== undefined) {
      const createdAt = new Date(clock.currentTimeMillisUnsafe())
      const record = intentRecord(account, prepared, input, {
        idempotencyKey,
        owner: context.owner,
        traceparent: yield* traceparent,
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
    const progress: SendProgress = { mayHaveTask: false, attempts: 0 }
    const started: StartedSubmit = { intent, fields, progress }
    const sent = sendSubmit(context, { operation, request, post, now, sendBefore, progress, restore })
    const result = yield* Effect.onExit(sent, (exit) =>
      exit._tag === "Success" ? Effect.void : settleUnfinished(context, started)
    )
    return yield* concludeSubmit(context, prepared, started, result, clock.currentTimeMillisUnsafe())
  })

/** Queues a submit, and waits for its outcome. */
import { randomUUID } from "node:crypto"
import { ConfigurationError } from "@gentask/core"
import { digestJson } from "@gentask/core/internal/submit"
import { encodeError } from "@gentask/core/schema"
import type { ErrorJson } from "@gentask/core/schema"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import type { SubmitJson } from "../api/TaskJson.ts"
import type { StoreError } from "../store/StoreError.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { SubmitRecord, SubmitWebhook } from "../store/TrackerStore.ts"
import { EventFeed } from "./EventFeed.ts"
import { Settings } from "./HttpOptions.ts"
import { findFileProblem } from "./requestFiles.ts"
import {
  InvalidInput,
  Internal,
  KeyReused,
  OutcomeUnknown,
  Rejected,
  Unavailable,
  VendorFailed
} from "./problems.ts"
import type { SubmitRequest } from "./schemas.ts"
import { TaskActions } from "./TaskActions.ts"
import { submitToJson, taskPath } from "./taskJson.ts"
import { inputProblem, storeProblem } from "./toProblem.ts"

/** The request of a submit, without its idempotency key. */
export type SubmitBody = typeof SubmitRequest.Type

/** The part of a request that creates the task. */
export type TaskRequest = Omit<SubmitBody, "webhookUrl">

/** A submit that has an outcome, or is still queued, as a response. */
export type SubmitResponse = HttpApiSchema.withHeaders<SubmitJson, { readonly location: string }>

type SubmitProblem =
  | InvalidInput
  | KeyReused
  | Rejected
  | OutcomeUnknown
  | VendorFailed
  | Unavailable
  | Internal

const minDelayMs = 20
const maxDelayMs = 500

/** Waits until a submit has an outcome. Hints may be missing, so it also looks at the store. */
export const awaitOutcome = (
  queued: SubmitRecord,
  waitMs: number
): Effect.Effect<SubmitRecord, StoreError, TrackerStore | EventFeed> =>
  Effect.gen(function* () {
    const store = yield* TrackerStore
    const feed = yield* EventFeed
    const deadline = (yield* Clock.currentTimeMillis) + waitMs
    let record = queued
    let delay = minDelayMs
    while (record.state === "queued" && !feed.isClosed()) {
      const remaining = deadline - (yield* Clock.currentTimeMillis)
      if (remaining <= 0) break
      yield* Effect.timeoutOption(feed.hint, Math.min(delay, remaining))
      delay = Math.min(2 * delay, maxDelayMs)
      record = (yield* store.submit(queued.id)) ?? record
    }
    return record
  })

/** The problem of a submit without a task. A repetition with the same key returns the same, so that none is a 503. */
const outcomeProblem = (record: SubmitRecord): SubmitProblem => {
  const error = (record.error ?? {
    _tag: "LedgerFailed",
    message: "The error was not recorded."
  }) as ErrorJson
  const detail = error.message
  if (record.state === "unknown") return new OutcomeUnknown({ submit: record.id, error, detail })
  if (record.state === "rejected") return new Rejected({ submit: record.id, error, detail })
  if (error._tag === "UploadFailed" || error._tag === "ProviderError")
    return new VendorFailed({ error, detail })
  return new InvalidInput({ error, detail })
}

/** Options of `submitAndWait`. */
export interface SubmitAndWaitOptions {
  readonly idempotencyKey: string | undefined
  readonly waitMs?: number | undefined
  /** Where to send the events of its tasks. */
  readonly webhook?: SubmitWebhook | undefined
}

/** Queues a submit and waits for its outcome. */
export const submitAndWait = (
  request: TaskRequest,
  { idempotencyKey, waitMs, webhook }: SubmitAndWaitOptions
): Effect.Effect<SubmitResponse, SubmitProblem, TrackerStore | TaskActions | EventFeed | Settings> =>
  Effect.gen(function* () {
    const store = yield* TrackerStore
    const actions = yield* TaskActions
    const settings = yield* Settings
    const problem = findFileProblem(request)
    if (problem !== undefined) {
      const { account, model } = request
      const message = `${problem.path}: ${problem.message}.`
      const reason = {
        _tag: "InvalidInput",
        account,
        model,
        problems: [{ ...problem, code: "invalid" }]
      } as const
      const error = encodeError(new ConfigurationError({ reason, message }))
      return yield* new InvalidInput({ detail: message, error })
    }
    const account = yield* actions.resolveAccount(request.account)
    const canonical = { ...request, account }
    // The secret is left out: a submit may be repeated with another token.
    const digest = digestJson(webhook === undefined ? canonical : { ...canonical, webhookUrl: webhook.url })
    const key = idempotencyKey ?? randomUUID()
    const id = randomUUID()
    const queued = yield* store.queueSubmit({
      id,
      account,
      idempotencyKey: key,
      request: canonical,
      digest,
      webhook
    })
    if (queued.digest !== digest)
      return yield* new KeyReused({ detail: "Use another Idempotency-Key for another request." })
    const record = yield* awaitOutcome(queued, waitMs ?? settings.submitWaitMs)
    if (record.state !== "queued" && record.state !== "accepted") return yield* outcomeProblem(record)
    const [ref] = record.refs
    const location = ref === undefined ? `/v1/submits/${encodeURIComponent(record.id)}` : taskPath(ref)
    return HttpApiSchema.withHeaders({ body: submitToJson(record, queued.id !== id), headers: { location } })
  }).pipe(
    Effect.catchTags({
      ConfigurationError: (error) => Effect.fail(inputProblem(error)),
      InvalidTaskRef: (error) => Effect.fail(inputProblem(error)),
      StoreError: (error) => Effect.fail(storeProblem(error))
    })
  )

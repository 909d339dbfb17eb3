import { isTerminal } from "@gentask/core"
import type { Intent } from "@gentask/core"
import { containsRecordedFile } from "@gentask/core/internal/submit"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import { loadConfiguration } from "../../config/loadConfiguration.ts"
import { readLedger, requiredLedger } from "../../ledger/requiredLedger.ts"
import { Screen } from "../../output/Screen.ts"
import { confirmSubmits } from "../../submit/confirmSubmits.ts"
import { prepareRequests } from "../../submit/prepareRequests.ts"
import { SubmitReporter } from "../../submit/SubmitReporter.ts"
import { reportSubmit, submitRequest } from "../../submit/submitRequest.ts"
import { tasksLayer } from "../../tasks/tasksLayer.ts"
import { transportLayer } from "../../tasks/transportLayer.ts"
import { findTracker } from "../../tracker/findTracker.ts"
import { trackerLayer } from "../../tracker/trackerLayer.ts"
import type { TrackerAddress } from "../../tracker/TrackerAddress.ts"
import { canonicalRef } from "../../tasks/canonicalRef.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"

export interface RetryInput {
  readonly ref: string
  readonly yes: boolean
  readonly json: boolean
  readonly server: string | undefined
}

const intentOf = Effect.fnUntraced(function* (
  ledger: SqliteLedger,
  ref: string
): Effect.fn.Return<Intent, UsageError> {
  const intent = yield* readLedger(() => ledger.intent(canonicalRef(ref)))
  if (intent === undefined)
    return yield* new UsageError({
      message: `The ledger has no request of ${ref}. Only tasks that gentask submitted can be retried. See gentask list.`
    })
  if (intent.state === "pending" || intent.state === "unknown")
    return yield* new UsageError({
      message: `The vendor may have created the task of ${ref} already. Nothing was sent. First run: gentask reconcile ${intent.id}`
    })
  if (containsRecordedFile(intent.input))
    return yield* new UsageError({
      message: `The request of ${ref} contained a file, and the ledger does not keep files. Nothing was sent. Submit it again with gentask submit.`
    })
  return intent
})

/** Why a retry needs a confirmation. */
const reasonOf = (ledger: SqliteLedger, ref: string) =>
  readLedger(async () => {
    const status = (await ledger.show(canonicalRef(ref)))?.task.status ?? "unknown"
    const ended = isTerminal(status) ? status : `${status}, as far as is recorded`
    return `A retry of ${ref} (${ended}) creates another task.`
  })

/** Lets the tracker of another ledger submit its recorded request of a task again. */
const retryWith = Effect.fnUntraced(function* (tracker: TrackerAddress, { ref, yes, json }: RetryInput) {
  const { spend } = yield* loadConfiguration(process.env, process.cwd())
  const reason = `A retry of ${ref} creates another task.`
  yield* confirmSubmits({ count: 1, reason, yes }, spend, undefined)
  const { findRecordedTask, retryTask } = yield* Effect.promise(
    () => import("../../tracker/remoteRecords.ts")
  )
  const task = yield* findRecordedTask(tracker, canonicalRef(ref))
  const reporter = new SubmitReporter(new Screen(), { json, printsRefs: true })
  const request = { account: task.account, model: task.model ?? "" }
  yield* reportSubmit({ line: undefined, request }, retryTask(tracker, task), reporter)
  return reporter.status
})

/** Submits the recorded request of a task again. */
export const runRetry: Handler<RetryInput> = (input) =>
  Effect.gen(function* () {
    const { ref, yes, json } = input
    const tracker = yield* findTracker({ server: input.server, usesLocal: true })
    if (tracker?.ownsLedger === false) return yield* retryWith(tracker, input)
    const ledger = yield* requiredLedger("A submit must be recorded, so nothing was sent.")
    const intent = yield* intentOf(ledger, ref)
    const { account, model } = intent
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const draft = {
      line: undefined,
      account,
      model,
      common: {},
      json: intent.input,
      options: [],
      problems: []
    }
    const { requests, accounts } = yield* prepareRequests(
      [draft],
      configuration,
      tracker === undefined ? "with key" : "remote"
    )
    const reason = yield* reasonOf(ledger, ref)
    yield* confirmSubmits({ count: 1, reason, yes }, configuration.spend, ledger)
    const reporter = new SubmitReporter(new Screen(), { json, printsRefs: true })
    const transport = yield* transportLayer
    const layer =
      tracker === undefined
        ? tasksLayer({ accounts: accounts.accounts, configuration, transport, ledger })
        : trackerLayer(tracker, transport)
    yield* Effect.forEach(requests, (request) => submitRequest(request, reporter), { discard: true }).pipe(
      Effect.provide(layer((message) => reporter.warn(message)))
    )
    return reporter.status
  }).pipe(Effect.scoped)

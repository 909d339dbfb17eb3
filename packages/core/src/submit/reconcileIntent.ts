/** Finds out whether a submit without a known outcome created a task, where the vendor has a way to find it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SubmittedTask } from "../provider/SubmitOutcome.ts"
import { describeRequest } from "./describeRequest.ts"
import { firstSnapshots } from "./firstSnapshots.ts"
import { findListedTasks } from "./findListedTasks.ts"
import { creationDelayMs } from "./matchTasks.ts"
import type { SendProgress } from "./sendSubmit.ts"
import { sendSubmit } from "./sendSubmit.ts"
import { replayWindowMs } from "./SubmitAttempts.ts"
import { steadyNow } from "./steadyNow.ts"
import type { SubmitContext } from "./SubmitContext.ts"
import { describeLedgerError, LedgerFailed } from "./SubmitError.ts"

/** What is known about an intent after it was reconciled. */
export interface Reconciled {
  /** The id of the intent. */
  readonly intent: string
  /** The account, as in a task ref. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
  /** The idempotency key of the submit. */
  readonly idempotencyKey: string
  /**
   * - `accepted`: the vendor created the task in `refs`
   * - `no-task`: the vendor created no task
   * - `ambiguous`: several tasks may be that of the submit. They are in `refs`, and none was chosen
   * - `unknown`: the vendor has no way to find the task, or its response does not say
   * - `in-progress`: the submit has not ended
   */
  readonly result: "accepted" | "no-task" | "ambiguous" | "unknown" | "in-progress"
  /** The refs of the task, or of the tasks that may be it. */
  readonly refs: ReadonlyArray<string>
  /** What is known and what to do, as a sentence. */
  readonly message: string
}

/** The last error of an intent whose process ended before it had recorded an outcome. */
export const unsettledReason: ErrorReason = {
  _tag: "Unreachable",
  code: "UNSETTLED",
  message: "The process that submitted has ended without recording an outcome"
}

/** Before that, in milliseconds, a complete list without the task does not show that the vendor created none. */
const listDelayMs = creationDelayMs + 2 * 60_000

/** Returns what is known about an intent. */
export const reconciled = (
  { id, account, model, idempotencyKey }: Intent,
  outcome: Pick<Reconciled, "result" | "message"> & { readonly refs?: ReadonlyArray<string> }
): Reconciled => ({ intent: id, account, model, idempotencyKey, refs: [], ...outcome })

/** What to look for in the vendor's console. */
const describeSubmit = ({ model, createdAt }: Intent): string =>
  `the model ${model}, submitted at ${createdAt.toISOString()}`

const settled = (intent: Intent): Reconciled | undefined => {
  const { state, refs } = intent
  if (state === "accepted")
    return reconciled(intent, { result: "accepted", refs, message: "The vendor accepted the submit." })
  return state === "rejected"
    ? reconciled(intent, { result: "no-task", message: "The vendor created no task." })
    : undefined
}

const settle = (
  ledger: Ledger,
  ...parameters: Parameters<Ledger["settle"]>
): Effect.Effect<void, LedgerFailed> =>
  Effect.tryPromise({
    try: () => ledger.settle(...parameters),
    catch: (error) => new LedgerFailed(error)
  })

/** Records the tasks that were found. A ledger that cannot be written does not lose their refs. */
const accept = (
  { account }: SubmitContext,
  ledger: Ledger,
  intent: Intent,
  tasks: ReadonlyArray<SubmittedTask>,
  attempts: number
): Effect.Effect<Reconciled> => {
  const { model, prompt, createdAt } = intent
  const { snapshots } = firstSnapshots(account, tasks, undefined, { model, prompt, at: createdAt.getTime() })
  const result = (message: string): Reconciled =>
    reconciled(intent, { result: "accepted", refs: snapshots.map(({ ref }) => ref), message })
  return Effect.match(settle(ledger, intent.id, { state: "accepted", tasks: snapshots, attempts }), {
    onSuccess: () => result("The task was found and recorded."),
    onFailure: ({ cause }) =>
      result(`The task was found, but the ledger could not record it: ${describeLedgerError(cause)}`)
  })
}

/** Sends the same request with the same key once more, which the vendor documents to return the same task. */
const replay = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent
): Effect.Effect<Reconciled | undefined, ConfigurationError> =>
  Effect.gen(function* () {
    const { account, exchange } = context
    const operation = account.spec.submit
    const clock = yield* Clock.Clock
    const now = steadyNow(clock)
    const age = clock.currentTimeMillisUnsafe() - intent.createdAt.getTime()
    if (operation === undefined || !intent.canReplay || age < 0 || age > replayWindowMs) return undefined
    if (operation.idempotency?.(account.settings)?.kind !== "replay") return undefined
    const request = { model: intent.model, input: intent.input, idempotencyKey: intent.idempotencyKey }
    const spec = yield* Effect.try({
      try: () => describeRequest(account, operation, request),
      catch: (error) => error as ConfigurationError
    })
    const post = yield* Effect.catchTag(exchange.encode(spec, new Map()), "SendFailure", () =>
      Effect.succeed(undefined)
    )
    if (post === undefined) return undefined
    const progress: SendProgress = { mayHaveTask: true, attempts: intent.attempts }
    const sendBefore = now() + replayWindowMs - age
    const options = {
      operation,
      request,
      post,
      now,
      sendBefore,
      progress,
      once: true,
      restore: Effect.interruptible
    }
    const sent = yield* sendSubmit(context, options)
    return sent._tag === "Outcome" && sent.outcome._tag === "Accepted"
      ? yield* accept(context, ledger, intent, sent.outcome.tasks, progress.attempts)
      : undefined
  })

/** Looks for the task in the vendor's list. */
const recover = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent
): Effect.Effect<Reconciled | undefined, ConfigurationError | LedgerFailed> =>
  Effect.gen(function* () {
    const found = yield* findListedTasks(context, ledger, intent)
    if (found === undefined) return undefined
    if (found._tag === "Error") return reconciled(intent, { result: "unknown", message: found.message })
    const { matches, possible, rivals, isComplete, refOf } = found
    const [task, another] = matches
    if (another !== undefined)
      return reconciled(intent, {
        result: "ambiguous",
        refs: matches.map(refOf),
        message: "Several tasks have the same model, prompt and time. Compare them in the vendor's console."
      })
    if (task !== undefined && rivals.length > 0)
      return reconciled(intent, {
        result: "ambiguous",
        refs: [refOf(task)],
        message: `The task may also be that of another submit with the same model, prompt and time: ${rivals.join(", ")}. Compare their inputs in the vendor's console.`
      })
    if (task !== undefined) return yield* accept(context, ledger, intent, [task], intent.attempts)
    const clock = yield* Clock.Clock
    const now = clock.currentTimeMillisUnsafe()
    const isListed = now - (intent.settledAt?.getTime() ?? now) > listDelayMs
    if (!isComplete || !isListed || possible.length > 0)
      return reconciled(intent, {
        result: "unknown",
        message: `The vendor's list has no task with the same model, prompt and time, but it may be incomplete. Reconcile again later, or look in the vendor's console: ${describeSubmit(intent)}.`
      })
    const error: ErrorReason = { _tag: "TaskNotFound", message: "The vendor lists no such task" }
    yield* settle(ledger, intent.id, { state: "rejected", error, attempts: intent.attempts })
    return reconciled(intent, {
      result: "no-task",
      message: "The vendor lists no such task, so the submit created none."
    })
  })

/** Records that the outcome of a submit is unknown, because its process has ended. */
const abandon = (ledger: Ledger, intent: Intent): Effect.Effect<Intent, LedgerFailed> =>
  Effect.gen(function* () {
    if (intent.state !== "pending") return intent
    const attempts = Math.max(1, intent.attempts)
    yield* settle(ledger, intent.id, { state: "unknown", error: unsettledReason, attempts })
    const clock = yield* Clock.Clock
    const settledAt = new Date(clock.currentTimeMillisUnsafe())
    return { ...intent, state: "unknown", error: unsettledReason, attempts, settledAt }
  })

/**
 * Reconciles an intent: sends the same request again where the vendor documents that this returns the same task, or looks
 * for the task in the vendor's list. Never creates a second task, and never picks one of several.
 */
export const reconcileIntent = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent
): Effect.Effect<Reconciled, ConfigurationError | LedgerFailed> =>
  Effect.gen(function* () {
    const known = settled(intent)
    if (known !== undefined) return known
    if (intent.state === "pending" && context.isSubmitting(intent))
      return reconciled(intent, {
        result: "in-progress",
        message: "The submit has not ended. Try again later."
      })
    const { origin, spec } = context.account
    const unsettled = yield* abandon(ledger, intent)
    // Another host would create a new task for the same key.
    if (intent.origin !== origin)
      return reconciled(intent, {
        result: "unknown",
        message: `The submit went to ${intent.origin}, and the account ${intent.account} is at ${origin} now. Set its base URL back, and reconcile again.`
      })
    const result = (yield* replay(context, ledger, unsettled)) ?? (yield* recover(context, ledger, unsettled))
    if (result !== undefined) return result
    return reconciled(intent, {
      result: "unknown",
      message: `${spec.title} has no documented way to find the task. Look for it in the vendor's console: ${describeSubmit(intent)}.`
    })
  })

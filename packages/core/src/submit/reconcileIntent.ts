/** Finds out what became of a submit whose outcome is unknown, where the vendor can be asked. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type {
  ListedTask,
  LostSubmit,
  RecoverOperation,
  RecoverOutcome
} from "../provider/RecoverOperation.ts"
import type { SubmittedTask } from "../provider/SubmitOutcome.ts"
import { callOperation } from "./callOperation.ts"
import { describeRequest } from "./describeRequest.ts"
import { firstSnapshots } from "./firstSnapshots.ts"
import { matchTasks } from "./matchTasks.ts"
import { replayWindowMs, sendSubmit } from "./sendSubmit.ts"
import type { SubmitContext } from "./SubmitContext.ts"

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
   * - `accepted`: there is a task, in `refs`
   * - `no-task`: there is none
   * - `ambiguous`: several tasks may be that of the submit. They are in `refs`, and none was chosen
   * - `unknown`: the vendor cannot be asked, or its response does not say
   * - `in-progress`: another process is still submitting
   */
  readonly result: "accepted" | "no-task" | "ambiguous" | "unknown" | "in-progress"
  /** The refs of the task, or of the tasks that may be it. */
  readonly refs: ReadonlyArray<string>
  /** What is known and what to do, as a sentence. */
  readonly message: string
}

/** Before that, in milliseconds, a complete list without the task does not show that there is none. */
const listDelayMs = 2 * 60_000

const result = (
  { id, account, model, idempotencyKey }: Intent,
  outcome: Pick<Reconciled, "result" | "message"> & { readonly refs?: ReadonlyArray<string> }
): Reconciled => ({ intent: id, account, model, idempotencyKey, refs: [], ...outcome })

const settled = (intent: Intent): Reconciled | undefined => {
  if (intent.state === "accepted")
    return result(intent, {
      result: "accepted",
      refs: intent.refs,
      message: "The vendor accepted the submit."
    })
  return intent.state === "rejected"
    ? result(intent, { result: "no-task", message: "The vendor created no task." })
    : undefined
}

const describeReasonOf = (reason: ErrorReason): string =>
  `${reason._tag}${reason.message == null ? "" : `: ${reason.message}`}`

/** Records the tasks that were found. */
const accept = (
  { account }: SubmitContext,
  ledger: Ledger,
  intent: Intent,
  tasks: ReadonlyArray<SubmittedTask>,
  attempts: number
): Effect.Effect<Reconciled> =>
  Effect.gen(function* () {
    const { model, prompt, createdAt } = intent
    const { snapshots } = firstSnapshots(account, tasks, undefined, {
      model,
      prompt,
      at: createdAt.getTime()
    })
    yield* Effect.promise(() => ledger.settle(intent.id, { state: "accepted", tasks: snapshots, attempts }))
    const refs = snapshots.map(({ ref }) => ref)
    return result(intent, { result: "accepted", refs, message: "The task was found and recorded." })
  })

/** Sends the same request with the same key again, which the vendor documents to return the same task. */
const replay = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent
): Effect.Effect<Reconciled | undefined, ConfigurationError> =>
  Effect.gen(function* () {
    const operation = context.account.spec.submit
    const clock = yield* Clock.Clock
    const age = clock.currentTimeMillisUnsafe() - intent.createdAt.getTime()
    if (operation === undefined || !intent.canReplay || age < 0 || age > replayWindowMs) return undefined
    const request = { model: intent.model, input: intent.input, idempotencyKey: intent.idempotencyKey }
    const spec = describeRequest(context.account, operation, request)
    const sent = yield* sendSubmit(context, operation, request, spec, new Map(), (effect) => effect)
    if (sent._tag === "Outcome" && sent.outcome._tag === "Accepted")
      return yield* accept(context, ledger, intent, sent.outcome.tasks, intent.attempts + sent.attempts)
    return undefined
  })

const noTask = (ledger: Ledger, intent: Intent): Effect.Effect<Reconciled> =>
  Effect.as(
    Effect.promise(() =>
      ledger.settle(intent.id, {
        state: "rejected",
        error: { _tag: "TaskNotFound", message: "The vendor lists no such task" },
        attempts: intent.attempts
      })
    ),
    result(intent, {
      result: "no-task",
      message: "The vendor lists no such task, so the submit created none."
    })
  )

const unknownTasks = (
  ledger: Ledger,
  refOf: (task: ListedTask) => string,
  tasks: ReadonlyArray<ListedTask>
): Effect.Effect<ReadonlyArray<ListedTask>> =>
  Effect.filter(tasks, (task) =>
    Effect.map(
      Effect.promise(() => ledger.intent(refOf(task))),
      (known) => known === undefined
    )
  )

/** Looks for the task in the vendor's list. */
const recover = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent,
  operation: RecoverOperation<unknown, unknown>
): Effect.Effect<Reconciled | undefined, ConfigurationError> =>
  Effect.gen(function* () {
    const { account, exchange } = context
    const clock = yield* Clock.Clock
    const now = clock.currentTimeMillisUnsafe()
    const lost: LostSubmit = {
      request: { model: intent.model, input: intent.input, idempotencyKey: intent.idempotencyKey },
      submittedAt: intent.createdAt,
      endedAt: intent.settledAt ?? new Date(now)
    }
    const spec = operation.request(lost, account.settings)
    if (spec === undefined) return undefined
    const authorize =
      operation.authorize === undefined
        ? undefined
        : (...[request, credentials]: Parameters<NonNullable<typeof account.spec.authorize>>) =>
            operation.authorize?.(request, credentials, account.settings) ?? {}
    const listed = yield* callOperation<unknown, RecoverOutcome>(
      exchange.send(spec, new Map(), authorize),
      operation
    ).pipe(
      Effect.catch((error) =>
        error._tag === "ConfigurationError" ? Effect.fail(error) : Effect.succeed(error)
      )
    )
    if (listed._tag !== "Tasks")
      return result(intent, {
        result: "unknown",
        message: `The vendor did not return its list of tasks (${describeReasonOf(listed)}). Try again later.`
      })
    const refOf = ({ id, params }: ListedTask): string =>
      firstSnapshots(account, [{ id, params }], undefined, { model: intent.model, prompt: null, at: now })
        .snapshots[0]?.ref ?? id
    const found = yield* unknownTasks(ledger, refOf, matchTasks(intent, listed.tasks))
    const [task, another] = found
    if (task === undefined)
      return listed.isComplete && now - lost.endedAt.getTime() > listDelayMs
        ? yield* noTask(ledger, intent)
        : undefined
    if (another === undefined) return yield* accept(context, ledger, intent, [task], intent.attempts)
    return result(intent, {
      result: "ambiguous",
      refs: found.map(refOf),
      message: "Several tasks have the same model, prompt and time. Compare them in the vendor's console."
    })
  })

/**
 * Reconciles an intent: sends the same request again where the vendor documents that this returns the same task, or looks
 * for the task in the vendor's list. Never creates a second task, and never picks one of several.
 */
export const reconcileIntent = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent
): Effect.Effect<Reconciled, ConfigurationError> =>
  Effect.gen(function* () {
    const known = settled(intent)
    if (known !== undefined) return known
    if (intent.state === "pending" && context.isOwnerAlive(intent))
      return result(intent, {
        result: "in-progress",
        message: "Another process is still submitting. Try again when it has ended."
      })
    const replayed = yield* replay(context, ledger, intent)
    if (replayed !== undefined) return replayed
    const operation: RecoverOperation<unknown, unknown> | undefined = context.account.spec.recover
    const recovered = operation && (yield* recover(context, ledger, intent, operation))
    if (recovered !== undefined) return recovered
    return result(intent, {
      result: "unknown",
      message: `${context.account.spec.title} cannot be asked for the task. Look for it in the vendor's console: the model ${intent.model}, submitted at ${intent.createdAt.toISOString()}.`
    })
  })

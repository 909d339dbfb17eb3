/** Asks a vendor for its list of tasks, and compares them with a submit whose outcome is unknown. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import type {
  ListedTask,
  LostSubmit,
  RecoverOperation,
  RecoverOutcome
} from "../provider/RecoverOperation.ts"
import { callOperation } from "./callOperation.ts"
import { firstSnapshots } from "./firstSnapshots.ts"
import { creationDelayMs, matchTasks } from "./matchTasks.ts"
import type { MatchedTasks } from "./matchTasks.ts"
import type { SubmitContext } from "./SubmitContext.ts"
import { LedgerFailed } from "./SubmitError.ts"

/** The tasks of a list that may be that of a submit. */
export interface FoundTasks extends MatchedTasks {
  readonly _tag: "Tasks"
  /** Whether the list has all tasks of the time. */
  readonly isComplete: boolean
  /** The ids of other submits without an outcome, of other requests, that a match may be the task of. */
  readonly rivals: ReadonlyArray<string>
  /** Returns the ref of a listed task. */
  readonly refOf: (task: ListedTask) => string
}

/** Leaves out the tasks that the ledger has under another intent. */
const unknownTasks = (
  ledger: Ledger,
  refOf: FoundTasks["refOf"],
  tasks: ReadonlyArray<ListedTask>
): Effect.Effect<ReadonlyArray<ListedTask>, LedgerFailed> =>
  Effect.filter(tasks, (task) =>
    Effect.tryPromise({
      try: async () => (await ledger.intent(refOf(task))) === undefined,
      catch: (error) => new LedgerFailed(error)
    })
  )

/** Returns the other submits without an outcome whose task may be in a list. Those of the same request are equivalent. */
const rivalsOf = (
  ledger: Ledger,
  { id, account, digest }: Intent,
  tasks: ReadonlyArray<ListedTask>
): Effect.Effect<ReadonlyArray<string>, LedgerFailed> =>
  Effect.map(
    Effect.tryPromise({
      try: () => ledger.intents({ states: ["pending", "unknown"], account }),
      catch: (error) => new LedgerFailed(error)
    }),
    (intents) =>
      intents
        .filter((other) => other.id !== id && other.digest !== digest)
        .filter((other) => matchTasks(other, tasks).matches.length > 0)
        .map((other) => other.id)
  )

/**
 * Finds the tasks of a vendor's list that may be that of a submit, and that the ledger does not have yet.
 *
 * @returns Undefined if the vendor has no list, and an error if it did not return it.
 */
export const findListedTasks = (
  context: SubmitContext,
  ledger: Ledger,
  intent: Intent
): Effect.Effect<
  FoundTasks | { readonly _tag: "Error"; readonly message: string } | undefined,
  ConfigurationError | LedgerFailed
> =>
  Effect.gen(function* () {
    const { account, exchange } = context
    const operation: RecoverOperation<unknown, unknown> | undefined = account.spec.recover
    if (operation === undefined) return undefined
    const clock = yield* Clock.Clock
    const now = clock.currentTimeMillisUnsafe()
    const { model, input, idempotencyKey } = intent
    const lost: LostSubmit = {
      request: { model, input, idempotencyKey },
      submittedAt: intent.createdAt,
      endedAt: new Date(Math.min(now, (intent.settledAt?.getTime() ?? now) + creationDelayMs))
    }
    const spec = operation.request(lost, account.settings)
    if (spec === undefined) return undefined
    const { authorize } = operation
    const listed = yield* callOperation<unknown, RecoverOutcome>(
      exchange.send(
        spec,
        new Map(),
        authorize && ((request, credentials) => authorize(request, credentials, account.settings))
      ),
      {
        response: operation.response,
        decode: (body, head) => operation.decode(body, head, lost),
        decodeError: (body, head) => operation.decodeError?.(body, head, lost)
      },
      account.spec.errors
    ).pipe(
      Effect.catch((error) =>
        error._tag === "ConfigurationError" ? Effect.fail(error) : Effect.succeed(error)
      )
    )
    if (listed._tag !== "Tasks") {
      const why = listed.message == null ? listed._tag : `${listed._tag}: ${listed.message}`
      return {
        _tag: "Error",
        message: `The vendor did not return its list of tasks (${why}). Try again later.`
      } as const
    }
    const refOf = ({ id, params }: ListedTask): string =>
      firstSnapshots(account, [{ id, params }], undefined, { model, prompt: null, at: now }).snapshots[0]
        ?.ref ?? id
    const { possible, ...matched } = matchTasks(intent, listed.tasks)
    const matches = yield* unknownTasks(ledger, refOf, matched.matches)
    return {
      _tag: "Tasks",
      matches,
      rivals: yield* rivalsOf(ledger, intent, matches),
      possible: yield* unknownTasks(ledger, refOf, possible),
      isComplete: listed.isComplete,
      refOf
    } satisfies FoundTasks
  })

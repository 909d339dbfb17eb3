/** The operations that create, cancel and reconcile tasks. Loaded on use. */
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { AccountRegistry } from "../exchange/AccountRegistry.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import { abortOf } from "../submit/abortOf.ts"
import { cancelTask } from "../submit/cancelTask.ts"
import { queryBalance } from "../submit/queryBalance.ts"
import { reconcileIntent } from "../submit/reconcileIntent.ts"
import type { Reconciled } from "../submit/reconcileIntent.ts"
import { LedgerFailed } from "../submit/SubmitError.ts"
import type { Submitter } from "../submit/Submitter.ts"
import type { SubmitAborted } from "../submit/submitTask.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import type { EngineService } from "./Engine.ts"
import { invalidOption } from "../account/invalidOption.ts"

interface Parts extends Pick<EngineService, "query" | "wait" | "save"> {
  readonly submitter: Submitter
  readonly registry: AccountRegistry
  readonly ledger: Ledger | undefined
}

const orLedgerFailed = <A>(use: () => Promise<A>): Effect.Effect<A, LedgerFailed> =>
  Effect.tryPromise({ try: use, catch: (error) => new LedgerFailed(error) })

/** Returns the intents to reconcile: the given one, or all without an outcome. */
const unsettledIntents = (
  ledger: Ledger,
  id: string | undefined
): Effect.Effect<ReadonlyArray<Intent>, ConfigurationError | LedgerFailed> =>
  id === undefined
    ? orLedgerFailed(() => ledger.intents({ states: ["pending", "unknown"] }))
    : Effect.flatMap(
        orLedgerFailed(() => ledger.intent(id)),
        (intent) =>
          intent === undefined
            ? Effect.fail(
                invalidOption("intent", `The ledger has no intent ${id}. List the intents to find its id.`)
              )
            : Effect.succeed([intent])
      )

/** Creates the operations. */
export const makeSubmitOperations = ({
  submitter,
  registry,
  ledger,
  query,
  wait,
  save
}: Parts): Pick<EngineService, "submit" | "generate" | "cancel" | "balance" | "reconcile"> => {
  const accountOf = (name: string) =>
    Effect.try({
      try: () => submitter.account(name),
      catch: (error) => error as ConfigurationError | InvalidTaskRef
    })

  const submit: EngineService["submit"] = (request, { signal } = {}) => submitter.submit(request, signal)

  const reconcile = (intent: Intent): Effect.Effect<Reconciled, ConfigurationError | InvalidTaskRef> =>
    Effect.flatMap(accountOf(intent.account), (account) =>
      ledger === undefined
        ? Effect.fail(invalidOption("ledger", "reconcile needs a ledger."))
        : reconcileIntent(submitter.context(account), ledger, intent)
    )

  return {
    submit,
    generate: (request, options) =>
      Effect.gen(function* () {
        const { signal, onSubmit, dir } = options
        if (typeof (dir as unknown) !== "string")
          return yield* Effect.fail(
            invalidOption("dir", 'generate needs the option dir, such as { dir: "out" }. Nothing was sent.')
          )
        const { snapshot: _, ...submitted } = yield* Effect.tap(submit(request, { signal }), (result) =>
          Effect.sync(() => onSubmit?.(result))
        )
        const { timeout: _timeout, ...saveOptions } = options
        // Each task is saved as soon as it has succeeded, because its links may expire while others are running.
        const finished = Effect.forEach(
          submitted.refs,
          (ref) =>
            Effect.flatMap(wait(ref, options), (snapshot) =>
              Effect.map(save(snapshot, saveOptions), (files) => ({ snapshot, files }))
            ),
          { concurrency: "unbounded" }
        )
        const aborted = Effect.flatMap(abortOf(signal), () =>
          Effect.fail<SubmitAborted>({ _tag: "SubmitAborted" })
        )
        const results = yield* Effect.raceFirst(finished, aborted)
        return {
          ...submitted,
          snapshots: results.map(({ snapshot }) => snapshot),
          files: results.flatMap(({ files }) => files)
        }
      }),
    cancel: (ref) =>
      registry.with(ref, ({ query: task, client }) =>
        Effect.flatMap(accountOf(`${client.account.spec.id}@${client.account.name}`), ({ exchange }) =>
          cancelTask(task, exchange, query(ref))
        )
      ),
    balance: (name) =>
      Effect.flatMap(accountOf(name), ({ client, exchange }) => queryBalance(client.account, exchange)),
    reconcile: (id) =>
      ledger === undefined
        ? Effect.fail(invalidOption("ledger", "reconcile needs a ledger."))
        : Effect.flatMap(unsettledIntents(ledger, id), (intents) => Effect.forEach(intents, reconcile))
  }
}

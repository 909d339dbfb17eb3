/** The operations that create, cancel and reconcile tasks. Loaded on use. */
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { AccountRegistry } from "../exchange/AccountRegistry.ts"
import type { RecordedResults } from "../exchange/RecordedResults.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import { timeoutMs } from "../account/durationOption.ts"
import { parseSaveOptions } from "../save/SaveOptions.ts"
import { abortOf } from "../submit/abortOf.ts"
import { cancelTask } from "../submit/cancelTask.ts"
import { queryBalance } from "../submit/queryBalance.ts"
import { reconciled, reconcileIntent } from "../submit/reconcileIntent.ts"
import type { Reconciled } from "../submit/reconcileIntent.ts"
import { LedgerFailed } from "../submit/SubmitError.ts"
import { Submitter } from "../submit/Submitter.ts"
import type { SubmitterOptions } from "../submit/Submitter.ts"
import { untilAborted } from "../submit/SubmitAborted.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import type { EngineService } from "./Engine.ts"
import type { GenerateOptions } from "./SubmitOptions.ts"
import { invalidOption } from "../account/invalidOption.ts"

interface Parts extends Pick<EngineService, "query" | "wait" | "save" | "poller"> {
  readonly submitter: Submitter
  readonly registry: AccountRegistry
  readonly ledger: Ledger | undefined
  readonly results: RecordedResults
}

const orLedgerFailed = <A>(use: () => Promise<A>): Effect.Effect<A, LedgerFailed> =>
  Effect.tryPromise({ try: use, catch: (error) => new LedgerFailed(error) })

/** Returns all intents without an outcome. */
const unsettledIntents = (ledger: Ledger): Effect.Effect<ReadonlyArray<Intent>, LedgerFailed> =>
  orLedgerFailed(() => ledger.intents({ states: ["pending", "unknown"] }))

/** Returns an intent by its id. */
const intentOf = (ledger: Ledger, id: string): Effect.Effect<Intent, ConfigurationError | LedgerFailed> =>
  Effect.flatMap(
    orLedgerFailed(() => ledger.intent(id)),
    (intent) =>
      intent === undefined
        ? Effect.fail(
            invalidOption("intent", `The ledger has no intent ${id}. List the intents to find its id.`)
          )
        : Effect.succeed(intent)
  )

/** Creates the submits of a client. */
export const makeSubmitter = (options: SubmitterOptions): Submitter => new Submitter(options)

/** Creates the operations. */
export const makeSubmitOperations = ({
  submitter,
  registry,
  ledger,
  results,
  poller,
  query,
  wait,
  save
}: Parts): Pick<EngineService, "submit" | "generate" | "cancel" | "balance" | "reconcile"> => {
  const accountOf = (name: string) =>
    Effect.try({
      try: () => submitter.account(name),
      catch: (error) => error as ConfigurationError | InvalidTaskRef
    })

  const submit: EngineService["submit"] = (request, { signal } = {}) =>
    Effect.tap(submitter.submit(request, signal), ({ snapshot }) => Effect.sync(() => results.keep(snapshot)))

  const reconcile = (
    store: Ledger,
    intent: Intent
  ): Effect.Effect<Reconciled, ConfigurationError | InvalidTaskRef | LedgerFailed> =>
    Effect.flatMap(accountOf(intent.account), (account) =>
      reconcileIntent(submitter.context(account), store, intent)
    )

  /** An account that is not configured, or no longer valid, must not keep the other intents from being reconciled. */
  const reconcileAll = (store: Ledger): Effect.Effect<ReadonlyArray<Reconciled>, LedgerFailed> =>
    Effect.flatMap(unsettledIntents(store), (intents) =>
      Effect.forEach(intents, (intent) =>
        Effect.catchTag(reconcile(store, intent), ["ConfigurationError", "InvalidTaskRef"], ({ message }) =>
          Effect.succeed(reconciled(intent, { result: "unknown", message }))
        )
      )
    )

  /** Checks the options that are used only after the task was created, which costs money. */
  const checkOptions = (options: GenerateOptions): Effect.Effect<void, ConfigurationError> =>
    Effect.suspend(() => {
      const { timeout, ...saveOptions } = options
      try {
        parseSaveOptions(saveOptions)
      } catch (error) {
        return Effect.fail(error as ConfigurationError)
      }
      return timeout === undefined ? Effect.void : Effect.asVoid(timeoutMs(timeout))
    })

  return {
    submit,
    generate: (request, options) =>
      Effect.gen(function* () {
        const { signal, onSubmit, timeout: _, ...saveOptions } = options
        yield* checkOptions(options)
        const { snapshot: _first, ...submitted } = yield* Effect.tap(submit(request, { signal }), (result) =>
          Effect.sync(() => onSubmit?.(result))
        )
        // Each task is saved as soon as it has succeeded, because its links may expire while others are running. The
        // failure of one does not keep the others from being saved.
        const finished = Effect.forEach(
          submitted.refs,
          (ref) =>
            Effect.exit(
              Effect.flatMap(wait(ref, options), (snapshot) =>
                Effect.map(save(snapshot, saveOptions), (files) => ({ snapshot, files }))
              )
            ),
          { concurrency: "unbounded" }
        )
        const exits = yield* untilAborted(abortOf(signal), finished)
        const results = yield* Effect.forEach(exits, (exit) => exit)
        return {
          ...submitted,
          snapshots: results.map(({ snapshot }) => snapshot),
          files: results.flatMap(({ files }) => files)
        }
      }),
    cancel: (ref) =>
      registry.with(ref, ({ query: task, client }) =>
        Effect.flatMap(accountOf(`${client.account.spec.id}@${client.account.name}`), ({ exchange }) =>
          cancelTask(task, exchange, query(ref), (snapshot) => {
            client.onSnapshot?.(snapshot)
            poller.settle(client, task, snapshot)
          })
        )
      ),
    balance: (name) =>
      Effect.flatMap(accountOf(name), ({ client, exchange }) => queryBalance(client.account, exchange)),
    reconcile: (id) => {
      if (ledger === undefined) return Effect.fail(invalidOption("ledger", "reconcile needs a ledger."))
      if (id === undefined) return reconcileAll(ledger)
      return Effect.flatMap(intentOf(ledger, id), (intent) =>
        Effect.map(reconcile(ledger, intent), (result) => [result])
      )
    }
  }
}

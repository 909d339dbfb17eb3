import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Random from "effect/Random"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import { AccountClient } from "../exchange/AccountClient.ts"
import type { QueryResult } from "../exchange/AccountClient.ts"
import { AccountRegistry } from "../exchange/AccountRegistry.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import { RecordedResults } from "../exchange/RecordedResults.ts"
import { authHeaders } from "../exchange/authHeaders.ts"
import { ClientClosed } from "../exchange/ClientClosed.ts"
import type { QueryFailure } from "../exchange/ProviderError.ts"
import { sharedBudget } from "../exchange/sharedBudget.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import { Transport } from "../http/Transport.ts"
import { TaskRecorder } from "../ledger/TaskRecorder.ts"
import { Poller } from "../polling/Poller.ts"
import { makeRecordTaskEnd, sampleWatched } from "../polling/recordTaskEnd.ts"
import { learned } from "../polling/PollPolicy.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import { parseSaveOptions } from "../save/SaveOptions.ts"
import type { ParsedSaveOptions, SaveOptions } from "../save/SaveOptions.ts"
import type { SaveError } from "../save/SaveError.ts"
import type { CancelResult } from "../submit/cancelTask.ts"
import type { Balance } from "../submit/queryBalance.ts"
import type { Reconciled } from "../submit/reconcileIntent.ts"
import type { SubmitInput, Submitted } from "../submit/SubmitInput.ts"
import type { Submitter } from "../submit/Submitter.ts"
import { freezeSnapshot } from "../task/ownSnapshot.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import { SubmitSpans } from "../telemetry/SubmitSpans.ts"
import type { IncomingWebhook, ReceivedWebhook } from "../webhook/IncomingWebhook.ts"
import type { EngineOptions } from "./ClientOptions.ts"
import { isSnapshot } from "./isSnapshot.ts"
import type { QueryOptions, RefInput, WaitOptions } from "./OperationOptions.ts"
import { reviveSnapshot } from "./reviveSnapshot.ts"
import { parseEngineOptions } from "./parseEngineOptions.ts"
import type { makeReceiveWebhook, ReceiveWebhookError } from "./receiveWebhook.ts"
import { retryQuery } from "./retryQuery.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import type {
  Generated,
  GenerateFailure,
  GenerateOptions,
  SubmitFailure,
  SubmitOptions
} from "./SubmitOptions.ts"
import { missingLedger } from "./missingLedger.ts"
import { makeWait } from "./wait.ts"
import type { QueryError, WaitError } from "./WaitError.ts"

/** The operations that both client APIs share. Streams are loaded on use: see streams.ts. */
export interface EngineService {
  readonly poller: Poller
  readonly registry: AccountRegistry
  /** Runs an effect in a fiber that ends with the engine. */
  readonly fork: <A, E>(effect: Effect.Effect<A, E>, options?: Effect.RunOptions) => Fiber.Fiber<A, E>
  readonly query: (ref: RefInput, options?: QueryOptions) => Effect.Effect<TaskSnapshot, QueryError>
  readonly wait: (ref: RefInput, options?: WaitOptions) => Effect.Effect<SucceededSnapshot, WaitError>
  readonly save: (
    task: TaskSnapshot | RefInput,
    options: SaveOptions
  ) => Effect.Effect<ReadonlyArray<SavedFile>, SaveError | QueryError>
  readonly submit: (request: SubmitInput, options?: SubmitOptions) => Effect.Effect<Submitted, SubmitFailure>
  readonly generate: (
    request: SubmitInput,
    options: GenerateOptions & SubmitOptions
  ) => Effect.Effect<Generated, GenerateFailure>
  readonly cancel: (ref: RefInput) => Effect.Effect<CancelResult, QueryError>
  readonly balance: (account: string) => Effect.Effect<Balance, QueryError>
  readonly reconcile: (intent?: string) => Effect.Effect<ReadonlyArray<Reconciled>, SubmitFailure>
  readonly receiveWebhook: (
    account: string,
    webhook: IncomingWebhook
  ) => Effect.Effect<ReceivedWebhook, ReceiveWebhookError>
}

/** The engine, which both client APIs use. */
export class Engine extends Context.Service<Engine, EngineService>()("@gentask/core/Engine") {}

/** Runs code that throws no errors but `ConfigurationError`. */
const tryParse = <A>(parse: () => A): Effect.Effect<A, ConfigurationError> =>
  Effect.try({ try: parse, catch: (error) => error as ConfigurationError })

/** Creates an engine over the `Transport` of the context. */
export const makeEngine = Effect.fnUntraced(function* (options: EngineOptions) {
  const transport = yield* Transport
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  const fork = yield* FiberSet.runtime(yield* FiberSet.make())()
  const scheduler: Scheduler = { now: () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6, fork }
  const ledger = options.ledger === false ? undefined : options.ledger
  const recorder = ledger && new TaskRecorder(ledger)
  let submitter: Submitter | undefined
  const results = new RecordedResults(ledger && ((ref) => ledger.snapshot(ref)))
  const spans = new SubmitSpans(ledger && (async (ref) => (await ledger.intent(ref))?.traceparent))
  const observed = (client: AccountClient): AccountClient => {
    client.results = results
    client.spans = spans
    client.onSnapshot = (snapshot) => {
      if (options.recordsTasks !== false) recorder?.record(snapshot)
      submitter?.observe(snapshot)
    }
    return client
  }
  const { notFound, unexpected, registry, limits } = yield* tryParse(() => {
    const parsed = parseEngineOptions(options)
    const makeClient = (account: ConstructorParameters<typeof AccountClient>[0]): AccountClient =>
      observed(new AccountClient(account, transport, parsed.limits, scheduler, sharedBudget(clock, account)))
    return { ...parsed, registry: new AccountRegistry(options.providers, makeClient) }
  })
  const context = yield* Effect.context()
  const hasTracer = yield* Effect.withFiber(({ cache }) => Effect.succeed(cache.tracer !== undefined))
  const wallNow = (): number => clock.currentTimeMillisUnsafe()
  const poller = new Poller(scheduler, {
    onTaskEnd: makeRecordTaskEnd({
      context,
      now: () => ({ monotonic: scheduler.now(), wall: wallNow() }),
      spans,
      fork: hasTracer ? fork : undefined
    }),
    policy: options.pollPolicy ?? learned(),
    notFound,
    unexpected,
    random: () => random.nextDoubleUnsafe(),
    wallNow
  })
  if (hasTracer) yield* Effect.forkScoped(sampleWatched(poller, context))
  yield* Effect.addFinalizer(() =>
    Effect.promise(async () => {
      poller.close()
      await submitter?.close()
      await recorder?.flush()
    })
  )
  const retryPolicy = options.retryPolicy ?? RetryPolicy.transient()

  // A query runs in the caller's fiber, which may outlive the engine.
  const queryOnce = (
    { client, query }: ResolvedRef,
    { raw }: QueryOptions
  ): Effect.Effect<QueryResult, QueryFailure | ClientClosed> =>
    Effect.suspend(() =>
      poller.isClosed
        ? Effect.fail(new ClientClosed())
        : Effect.mapError(client.query(raw === true ? { ...query, keepsRaw: true } : query), (cause) =>
            poller.isClosed ? new ClientClosed({ cause }) : cause
          )
    )

  const query = (ref: RefInput, queryOptions: QueryOptions = {}): Effect.Effect<TaskSnapshot, QueryError> =>
    registry.with(ref, (resolved) =>
      Effect.map(retryQuery(queryOnce(resolved, queryOptions), retryPolicy), ({ snapshot, raw }) =>
        freezeSnapshot(queryOptions.raw === true ? { ...snapshot, raw } : snapshot)
      )
    )

  const saveSnapshot = (snapshot: TaskSnapshot, saveOptions: ParsedSaveOptions) =>
    registry.with(snapshot.ref, ({ client: { account, sender } }) =>
      // Loaded on use: many programs never save.
      Effect.flatMap(
        Effect.promise(() => import("../save/save.ts")),
        ({ save }) =>
          Effect.andThen(
            // Without a token, links that need it cannot be opened, but others can.
            Effect.ignore(sender.prepareToken),
            save(snapshot, saveOptions, {
              transport,
              isLocal: account.isLocal,
              ownOrigin: account.origin,
              refresh: query(snapshot.ref),
              credentials: (request) =>
                request.url.origin === account.origin
                  ? authHeaders(account, request, new Date(), sender.currentToken)
                  : undefined
            })
          )
      )
    )

  const wait = makeWait(poller, registry)

  const save: EngineService["save"] = (task, saveOptions) =>
    Effect.gen(function* () {
      const parsed = yield* tryParse(() => parseSaveOptions(saveOptions))
      const snapshot = isSnapshot(task) ? yield* tryParse(() => reviveSnapshot(task)) : yield* query(task)
      const files = yield* saveSnapshot(snapshot, parsed)
      recorder?.recordSaved(snapshot.ref, files)
      return files
    })

  const submitting = Effect.suspend(() =>
    options.ledger === undefined ? Effect.fail(missingLedger()) : loadSubmitter
  )
  const loadSubmitter = Effect.promise(async () => {
    const operations = await import("./submitOperations.ts")
    submitter ??= operations.makeSubmitter({
      registry,
      ledger,
      transport,
      limits,
      scheduler,
      clock,
      spans,
      random: () => random.nextDoubleUnsafe(),
      query
    })
    return operations.makeSubmitOperations({
      submitter,
      registry,
      ledger,
      results,
      poller,
      query,
      wait,
      save
    })
  })

  let webhooks: ReturnType<typeof makeReceiveWebhook> | undefined
  const loadWebhooks = Effect.promise(async () => {
    const { makeReceiveWebhook } = await import("./receiveWebhook.ts")
    return (webhooks ??= makeReceiveWebhook({ poller, registry, scheduler }))
  })

  return {
    poller,
    registry,
    fork,
    query,
    wait,
    save,
    submit: (request, submitOptions) =>
      Effect.flatMap(submitting, (operations) => operations.submit(request, submitOptions)),
    generate: (request, generateOptions) =>
      Effect.flatMap(submitting, (operations) => operations.generate(request, generateOptions)),
    cancel: (ref) => Effect.flatMap(loadSubmitter, (operations) => operations.cancel(ref)),
    balance: (account) => Effect.flatMap(loadSubmitter, (operations) => operations.balance(account)),
    reconcile: (intent) => Effect.flatMap(submitting, (operations) => operations.reconcile(intent)),
    receiveWebhook: (account, webhook) => Effect.flatMap(loadWebhooks, (receive) => receive(account, webhook))
  } satisfies EngineService
})

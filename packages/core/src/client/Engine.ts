import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Random from "effect/Random"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import { durationOption } from "../account/durationOption.ts"
import { invalidOption } from "../account/invalidOption.ts"
import { countOption, maxBytesOption } from "../account/numberOption.ts"
import { AccountClient } from "../exchange/AccountClient.ts"
import type { QueryResult } from "../exchange/AccountClient.ts"
import { AccountRegistry } from "../exchange/AccountRegistry.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import { ClientClosed } from "../exchange/ClientClosed.ts"
import type { QueryFailure } from "../exchange/ProviderError.ts"
import { sharedBudget } from "../exchange/sharedBudget.ts"
import { authHeaders } from "../exchange/TaskQuery.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import { Transport } from "../http/Transport.ts"
import { Poller } from "../polling/Poller.ts"
import { learned } from "../polling/PollPolicy.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import { parseSaveOptions } from "../save/SaveOptions.ts"
import type { ParsedSaveOptions, SaveOptions } from "../save/SaveOptions.ts"
import type { SaveError } from "../save/SaveError.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { EngineOptions } from "./ClientOptions.ts"
import { isSnapshot } from "./isSnapshot.ts"
import type { QueryOptions, RefInput, WaitOptions } from "./OperationOptions.ts"
import { toCallerSnapshot } from "./PendingWait.ts"
import { reviveSnapshot } from "./reviveSnapshot.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
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
}

/** The engine, which both client APIs use. */
export class Engine extends Context.Service<Engine, EngineService>()("@gentask/core/Engine") {}

/** Like `Effect.retry`, but creates the schedule only after a first failure: most queries succeed at once. */
const retry = <A, E extends RetryPolicy.RetryableError>(
  query: Effect.Effect<A, E>,
  policy: RetryPolicy.RetryPolicy
): Effect.Effect<A, E> =>
  query.pipe(
    Effect.catch((error) => {
      let isFirst = true
      const attempt = Effect.suspend(() => {
        if (!isFirst) return query
        isFirst = false
        return Effect.fail(error)
      })
      return Effect.retry(attempt, policy)
    })
  )

/** Parses the options that need it. Throws a `ConfigurationError` if one is invalid. */
const parseOptions = (options: EngineOptions) => {
  const { providers, notFound, unexpectedResponse, requestTimeout, maxResponseBytes } = options
  if (!Array.isArray(providers)) {
    throw invalidOption(
      "providers",
      "Invalid providers: expected a list of accounts, such as [jimmy({ apiKey })]."
    )
  }
  return {
    limits: {
      timeoutMs: durationOption("requestTimeout", requestTimeout ?? 30_000),
      maxBytes: maxBytesOption("maxResponseBytes", maxResponseBytes ?? 64 * 1024 * 1024)
    },
    notFound: {
      times: countOption("notFound.times", notFound?.times ?? 3, 1),
      graceMs: durationOption("notFound.grace", notFound?.grace ?? 30_000)
    },
    unexpected: {
      times: countOption("unexpectedResponse.times", unexpectedResponse?.times ?? 10, 1),
      graceMs: durationOption("unexpectedResponse.grace", unexpectedResponse?.grace ?? 600_000)
    }
  }
}

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
  const { notFound, unexpected, registry } = yield* tryParse(() => {
    const parsed = parseOptions(options)
    const makeClient = (account: ConstructorParameters<typeof AccountClient>[0]): AccountClient =>
      new AccountClient(account, transport, parsed.limits, scheduler, sharedBudget(clock, account))
    return { ...parsed, registry: new AccountRegistry(options.providers, makeClient) }
  })
  const poller = new Poller(scheduler, {
    policy: options.pollPolicy ?? learned(),
    notFound,
    unexpected,
    random: () => random.nextDoubleUnsafe(),
    wallNow: () => clock.currentTimeMillisUnsafe()
  })
  yield* Effect.addFinalizer(() => Effect.sync(() => poller.close()))
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
      Effect.map(retry(queryOnce(resolved, queryOptions), retryPolicy), (result) =>
        toCallerSnapshot(result, queryOptions)
      )
    )

  const saveSnapshot = (snapshot: TaskSnapshot, saveOptions: ParsedSaveOptions) =>
    registry.with(snapshot.ref, ({ client: { account } }) =>
      // Loaded on use: many programs never save.
      Effect.flatMap(
        Effect.promise(() => import("../save/save.ts")),
        ({ save }) =>
          save(snapshot, saveOptions, {
            transport,
            isLocal: account.isLocal,
            refresh: query(snapshot.ref),
            credentials: (request) =>
              request.url.origin === account.origin ? authHeaders(account, request, new Date()) : undefined
          })
      )
    )

  return {
    poller,
    registry,
    fork,
    query,
    wait: makeWait(poller, registry),
    save: (task, saveOptions) =>
      Effect.gen(function* () {
        const parsed = yield* tryParse(() => parseSaveOptions(saveOptions))
        const snapshot = isSnapshot(task) ? yield* tryParse(() => reviveSnapshot(task)) : yield* query(task)
        return yield* saveSnapshot(snapshot, parsed)
      })
  } satisfies EngineService
})

/** The service that everything is asked through. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import type * as Stream from "effect/Stream"
import { learned } from "../policy/PollPolicy.ts"
import type { PollPolicy } from "../policy/PollPolicy.ts"
import * as RetryPolicy from "../policy/RetryPolicy.ts"
import type { ProviderAccount } from "../provider/Account.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import type { SaveOptions } from "../output/Save.ts"
import type { SavedFile } from "../output/SavedFile.ts"
import type { SaveError } from "../output/SaveError.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import { Transport } from "../transport/Transport.ts"
import * as UndiciTransport from "../transport/UndiciTransport.ts"
import type { Runner } from "./Alarm.ts"
import type { ConfigurationError } from "./ConfigurationError.ts"
import { Poller } from "./Poller.ts"
import type { NotFoundPolicy } from "./Poller.ts"
import { Provider } from "./Provider.ts"
import { ProviderRegistry } from "./ProviderRegistry.ts"
import { authorize } from "./Question.ts"
import { present } from "./Wait.ts"
import type { Settled } from "./Wait.ts"
import type { QueryOptions, RefInput, WaitOptions, WatchOptions } from "./WaitOptions.ts"
import { makeWatching, tryAddress } from "./Watching.ts"
import type { QueryError, WaitError } from "./WaitError.ts"

/** How tasks are asked about. Every default is one that nobody needs to change. */
export interface TasksPolicies {
  /** When a watched task is asked about again. @default `PollPolicy.learned()`: after a tenth of its age, until it knows better */
  readonly pollPolicy?: PollPolicy | undefined
  /** When an unanswered `query` is asked again. @default 4 times after transient faults, from 250 ms to 10 s */
  readonly retryPolicy?: RetryPolicy.RetryPolicy | undefined
  /** When a watch believes "no such task". @default 3 answers in a row, over 30 seconds */
  readonly notFoundPolicy?: NotFoundPolicy | undefined
  /** How long one request may take, in milliseconds. @default 30000 */
  readonly requestTimeout?: number | undefined
  /** The largest answer to read, in bytes. @default 67108864, as some vendors put media into it */
  readonly maxResponseBytes?: number | undefined
}

/** Options of the `Tasks` layer and of `createGentask`. */
export interface TasksOptions extends TasksPolicies {
  /** The configured providers: `[jimmy({ apiKey })]`. */
  readonly providers: ReadonlyArray<ProviderAccount>
  /** The way to the vendors, for proxies and for tests. @default undici */
  readonly transport?: Layer.Layer<Transport> | undefined
}

/** What can be done with tasks. */
export interface TasksService {
  /** Asks once; transient faults are retried by the retry policy. A failed task is a value. */
  readonly query: (ref: RefInput, options?: QueryOptions) => Effect.Effect<TaskSnapshot, QueryError>
  /** Everything new about a task, until its end: the last element is the terminal snapshot. */
  readonly watch: (ref: RefInput, options?: WatchOptions) => Stream.Stream<TaskSnapshot, QueryError>
  /** Waits until a task has succeeded. Only its end, a refusal of the vendor's or the deadline ends the wait. */
  readonly wait: (ref: RefInput, options?: WaitOptions) => Effect.Effect<SucceededSnapshot, WaitError>
  /** Waits for many; each is told as it settles, and none ends the others. */
  readonly waitAll: (refs: Iterable<RefInput>, options?: WaitOptions) => Stream.Stream<Settled>
  /** Downloads the outputs of a task, given as its snapshot or its ref. */
  readonly save: (
    task: TaskSnapshot | RefInput,
    options: SaveOptions
  ) => Effect.Effect<ReadonlyArray<SavedFile>, SaveError | QueryError>
}

/** As `Effect.retry`, but a question that is answered at once costs nothing of the policy's. */
const retrying = <A, E extends RetryPolicy.Unanswered>(
  ask: Effect.Effect<A, E>,
  policy: RetryPolicy.RetryPolicy
): Effect.Effect<A, E> =>
  ask.pipe(
    Effect.catch((error) => {
      let isKnown = false
      const again = Effect.suspend(() => {
        if (isKnown) return ask
        isKnown = true
        return Effect.fail(error)
      })
      return Effect.retry(again, policy)
    })
  )

const makeService = Effect.fnUntraced(function* (options: TasksOptions) {
  const transport = yield* Transport
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  const fibers = yield* FiberSet.make()
  const fork = yield* FiberSet.runtime(fibers)()
  const runner: Runner = { now: () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6, fork }
  const limits = {
    timeout: options.requestTimeout ?? 30_000,
    maxBytes: options.maxResponseBytes ?? 64 * 1024 * 1024
  }
  const registry = yield* Effect.try({
    try: () =>
      new ProviderRegistry(options.providers, (account) => new Provider(account, transport, limits, runner)),
    catch: (error) => error as ConfigurationError
  })
  const poller = new Poller(runner, {
    policy: options.pollPolicy ?? learned(),
    notFound: options.notFoundPolicy ?? { times: 3, grace: 30_000 },
    random: () => random.nextDoubleUnsafe(),
    wallNow: () => clock.currentTimeMillisUnsafe()
  })
  yield* Effect.addFinalizer(() => Effect.sync(() => poller.close()))
  const retryPolicy = options.retryPolicy ?? RetryPolicy.transient()
  const address = (ref: RefInput) => registry.address(ref)

  const query = (ref: RefInput, queryOptions: QueryOptions = {}): Effect.Effect<TaskSnapshot, QueryError> =>
    Effect.flatMap(tryAddress(address, ref), ({ question, provider }) =>
      Effect.map(retrying(provider.ask(question), retryPolicy), (told) => present(told, queryOptions))
    )

  return {
    query,
    ...makeWatching(poller, address),
    save: (task, saveOptions) => {
      const isSnapshot = typeof task === "object" && "status" in task
      return Effect.flatMap(isSnapshot ? Effect.succeed(task) : query(task), (snapshot) =>
        Effect.flatMap(tryAddress(address, snapshot.ref), ({ provider: { account } }) =>
          // Loaded with the first result that is kept: many only ask.
          Effect.flatMap(
            Effect.promise(() => import("../output/Save.ts")),
            ({ save }) =>
              save(snapshot, saveOptions, {
                transport,
                isLocal: account.isLocal,
                refresh: query(snapshot.ref),
                credentials: (request) =>
                  request.url.origin === account.baseUrl.origin
                    ? authorize(account, request, new Date())
                    : undefined
              })
          )
        )
      )
    }
  } satisfies TasksService
})

/** Asks about tasks, watches them, waits for them and saves what they made. */
export class Tasks extends Context.Service<Tasks, TasksService>()("@gentask/core/Tasks") {
  /** Tasks of these accounts, over the transport of the context. */
  static readonly layerNoTransport = (
    options: TasksOptions
  ): Layer.Layer<Tasks, ConfigurationError, Transport> => Layer.effect(Tasks, makeService(options))

  /** Tasks of these accounts. */
  static readonly layer = (options: TasksOptions): Layer.Layer<Tasks, ConfigurationError> =>
    Layer.provide(Tasks.layerNoTransport(options), options.transport ?? UndiciTransport.layer)

  /**
   * Tasks of the accounts that the configuration has keys for: `JIMMY_API_KEY`, `JIMMY_ENDPOINT` and `JIMMY_BASE_URL`
   * for the default account of `jimmy`, and `JIMENG_DEEPWL_API_KEY` and so on for the account of each endpoint.
   */
  static readonly layerConfig = (
    options: TasksPolicies & { readonly providers: ReadonlyArray<ProviderSpec> }
  ): Layer.Layer<Tasks, ConfigurationError> =>
    Layer.unwrap(
      Effect.gen(function* () {
        const { accountsFromConfig } = yield* Effect.promise(() => import("./AccountConfig.ts"))
        const providers = yield* accountsFromConfig(options.providers)
        return Tasks.layer({ ...options, providers })
      })
    )
}

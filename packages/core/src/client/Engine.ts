/** All that is done with tasks but for streams of them, which take long to load. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Random from "effect/Random"
import { learned } from "../polling/PollPolicy.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { Transport } from "../http/Transport.ts"
import { withResolvedRef } from "./resolveRef.ts"
import type { ResolveRef } from "./resolveRef.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import { Poller } from "../polling/Poller.ts"
import { AccountClient } from "../exchange/AccountClient.ts"
import { AccountRegistry } from "../exchange/AccountRegistry.ts"
import { authHeaders } from "../exchange/TaskQuery.ts"
import type { TasksOptions, TasksService } from "./Tasks.ts"
import { toCallerSnapshot } from "./PendingWait.ts"
import { makeWait } from "./wait.ts"
import type { QueryError } from "./WaitError.ts"
import type { QueryOptions, RefInput } from "./OperationOptions.ts"

/** What needs no streams, and what streams are made of. */
export interface EngineService extends Pick<TasksService, "query" | "wait" | "save"> {
  readonly poller: Poller
  readonly resolveRef: ResolveRef
  /** Starts work that ends with the engine. */
  readonly fork: <A, E>(effect: Effect.Effect<A, E>, options?: Effect.RunOptions) => Fiber.Fiber<A, E>
}

/** The engine under the promises. */
export class Engine extends Context.Service<Engine, EngineService>()("@gentask/core/Engine") {}

/** As `Effect.retry`, but a question that is answered at once costs nothing of the policy's. */
const retrying = <A, E extends RetryPolicy.RetryableError>(
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

/** Makes the engine of these accounts, over the transport of the context. */
export const makeEngine = Effect.fnUntraced(function* (options: TasksOptions) {
  const transport = yield* Transport
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  const fibers = yield* FiberSet.make()
  const fork = yield* FiberSet.runtime(fibers)()
  const runner: Scheduler = { now: () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6, fork }
  const limits = {
    timeoutMs: options.requestTimeout ?? 30_000,
    maxBytes: options.maxResponseBytes ?? 64 * 1024 * 1024
  }
  const registry = yield* Effect.try({
    try: () =>
      new AccountRegistry(
        options.providers,
        (account) => new AccountClient(account, transport, limits, runner)
      ),
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
  const address = (ref: RefInput) => registry.resolve(ref)

  const query = (ref: RefInput, queryOptions: QueryOptions = {}): Effect.Effect<TaskSnapshot, QueryError> =>
    withResolvedRef(address, ref, ({ query: question, client: provider }) =>
      Effect.map(retrying(provider.query(question), retryPolicy), (told) =>
        toCallerSnapshot(told, queryOptions)
      )
    )

  return {
    poller,
    resolveRef: address,
    fork,
    query,
    wait: makeWait(poller, address),
    save: (task, saveOptions) => {
      const isSnapshot = typeof task === "object" && "status" in task
      return Effect.flatMap(isSnapshot ? Effect.succeed(task) : query(task), (snapshot) =>
        withResolvedRef(address, snapshot.ref, ({ client: { account } }) =>
          // Loaded with the first result that is kept: many only ask.
          Effect.flatMap(
            Effect.promise(() => import("../save/save.ts")),
            ({ save }) =>
              save(snapshot, saveOptions, {
                transport,
                isLocal: account.isLocal,
                refresh: query(snapshot.ref),
                credentials: (request) =>
                  request.url.origin === account.origin
                    ? authHeaders(account, request, new Date())
                    : undefined
              })
          )
        )
      )
    }
  } satisfies EngineService
})

/** The service that everything is asked through. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import type { PollPolicy } from "../polling/PollPolicy.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import type { SaveOptions } from "../save/save.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type { SaveError } from "../save/SaveError.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Transport } from "../http/Transport.ts"
import * as UndiciTransport from "../http/UndiciTransport.ts"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import { makeEngine } from "./Engine.ts"
import type { NotFoundPolicy } from "../polling/Poller.ts"
import type { Settled } from "./PendingWait.ts"
import type { QueryOptions, RefInput, WaitOptions, WatchOptions } from "./OperationOptions.ts"
import type { QueryError, WaitError } from "./WaitError.ts"

/** How tasks are asked about. Every default is one that nobody needs to change. */
export interface TasksPolicies {
  /** When a watched task is asked about again. @default `PollPolicy.learned()`: after a tenth of its age, until it knows better */
  readonly pollPolicy?: PollPolicy | undefined
  /** When an unanswered `query` is asked again. @default 4 times after transient faults, from 250 ms to 10 s */
  readonly retryPolicy?: RetryPolicy | undefined
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

/** Asks about tasks, watches them, waits for them and saves what they made. */
export class Tasks extends Context.Service<Tasks, TasksService>()("@gentask/core/Tasks") {
  /** Tasks of these accounts, over the transport of the context. */
  static readonly layerNoTransport = (
    options: TasksOptions
  ): Layer.Layer<Tasks, ConfigurationError, Transport> =>
    Layer.effect(
      Tasks,
      Effect.gen(function* () {
        const { poller, resolveRef, fork: _, ...rest } = yield* makeEngine(options)
        const { makeStreams } = yield* Effect.promise(() => import("./streams.ts"))
        return { ...rest, ...makeStreams(poller, resolveRef) }
      })
    )

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
        const { accountsFromConfig } = yield* Effect.promise(() => import("../account/accountsFromConfig.ts"))
        const providers = yield* accountsFromConfig(options.providers)
        return Tasks.layer({ ...options, providers })
      })
    )
}

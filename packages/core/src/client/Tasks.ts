import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Transport } from "../http/Transport.ts"
import * as UndiciTransport from "../http/UndiciTransport.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import type { SaveError } from "../save/SaveError.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type { SaveOptions } from "../save/SaveOptions.ts"
import type { CancelResult } from "../submit/cancelTask.ts"
import type { Balance } from "../submit/queryBalance.ts"
import type { Reconciled } from "../submit/reconcileIntent.ts"
import type { SubmitInput, Submitted } from "../submit/SubmitInput.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { IncomingWebhook, ReceivedWebhook } from "../webhook/IncomingWebhook.ts"
import type { ClientPolicies } from "./ClientOptions.ts"
import { makeEngine } from "./Engine.ts"
import type { QueryOptions, RefInput, RefList, WaitOptions, WatchOptions } from "./OperationOptions.ts"
import type { Settled } from "./PendingWait.ts"
import type { ReceiveWebhookError } from "./receiveWebhook.ts"
import type { RetryPolicy } from "./RetryPolicy.ts"
import type {
  Generated,
  GenerateFailure,
  GenerateOptions,
  SubmitFailure,
  SubmitOptions
} from "./SubmitOptions.ts"
import type { QueryError, WaitError } from "./WaitError.ts"

/** Policies of the `Tasks` layers. */
export interface TasksPolicies extends ClientPolicies {
  /**
   * When to retry a failed `query`.
   *
   * @default `RetryPolicy.transient()`: up to 4 times after transient errors, with delays from 250 ms to 10 s
   */
  readonly retryPolicy?: RetryPolicy | undefined
}

/** Options of the `Tasks` layers. */
export interface TasksOptions extends TasksPolicies {
  /** The accounts, such as `[jimmy({ apiKey })]`. */
  readonly providers: ReadonlyArray<ProviderAccount>
  /** The HTTP transport. @default `UndiciTransport.layer` */
  readonly transport?: Layer.Layer<Transport> | undefined
}

/** The operations on tasks. */
export interface TasksService {
  /**
   * Queries a task once. Transient errors are retried by the retry policy. A failed task is a value, not an error.
   *
   * ```ts
   * const snapshot = yield* tasks.query("jimmy:1001")
   * ```
   */
  readonly query: (ref: RefInput, options?: QueryOptions) => Effect.Effect<TaskSnapshot, QueryError>
  /**
   * Emits each new snapshot of a task. The last one has a terminal status.
   *
   * ```ts
   * yield* Stream.runForEach(tasks.watch("jimmy:1001"), ({ progress }) => Effect.log(progress))
   * ```
   */
  readonly watch: (ref: RefInput, options?: WatchOptions) => Stream.Stream<TaskSnapshot, QueryError>
  /**
   * Waits until a task has succeeded. Fails if the task failed, if the vendor refuses the request, or with
   * `StillRunning` when the timeout passes. Transient errors do not end the wait.
   *
   * ```ts
   * const task = yield* tasks.wait("jimmy:1001", { timeout: "10 minutes" })
   * ```
   */
  readonly wait: (ref: RefInput, options?: WaitOptions) => Effect.Effect<SucceededSnapshot, WaitError>
  /**
   * Waits for several tasks and emits each result when it settles. A failed task does not end the other waits.
   *
   * ```ts
   * yield* Stream.runForEach(tasks.waitAll(["jimmy:1001", "jimmy:1002"]), ({ ref, ok }) => Effect.log(ref, ok))
   * ```
   */
  readonly waitAll: (refs: RefList, options?: WaitOptions) => Stream.Stream<Settled, ConfigurationError>
  /**
   * Downloads the outputs of a task, given as a snapshot or a ref.
   *
   * ```ts
   * const files = yield* tasks.save("jimmy:1001", { dir: "out" })
   * ```
   */
  readonly save: (
    task: TaskSnapshot | RefInput,
    options: SaveOptions
  ) => Effect.Effect<ReadonlyArray<SavedFile>, SaveError | QueryError>
  /**
   * Creates a task at the vendor, at most once. Records the submit in the ledger before it is sent. An interruption while
   * the request is under way records the outcome as unknown.
   *
   * ```ts
   * const { ref } = yield* tasks.submit({ account: "jimmy", model: "gpt-image-2", prompt: "A fox in the snow" })
   * ```
   */
  readonly submit: (request: SubmitInput, options?: SubmitOptions) => Effect.Effect<Submitted, SubmitFailure>
  /**
   * Creates a task, waits until it has succeeded, and saves its outputs.
   *
   * ```ts
   * const { files } = yield* tasks.generate(request, { dir: "out", timeout: "10 minutes" })
   * ```
   */
  readonly generate: (
    request: SubmitInput,
    options: GenerateOptions & SubmitOptions
  ) => Effect.Effect<Generated, GenerateFailure>
  /** Cancels a task, where the vendor can. */
  readonly cancel: (ref: RefInput) => Effect.Effect<CancelResult, QueryError>
  /** Queries the credit of an account, such as `jimmy`. */
  readonly balance: (account: string) => Effect.Effect<Balance, QueryError>
  /** Finds out what became of an intent, or of all intents without an outcome. Creates no task. */
  readonly reconcile: (intent?: string) => Effect.Effect<ReadonlyArray<Reconciled>, SubmitFailure>
  /**
   * Verifies a webhook, and queries its task as soon as the account's rate budget permits if it is watched. The webhook
   * never decides about the task.
   *
   * ```ts
   * const { refs } = yield* tasks.receiveWebhook("aigptimage@kie", { headers, body, secret })
   * ```
   */
  readonly receiveWebhook: (
    account: string,
    webhook: IncomingWebhook
  ) => Effect.Effect<ReceivedWebhook, ReceiveWebhookError>
}

/** The key of the service `Tasks`. */
const TasksKey: Context.ServiceClass<Tasks, "@gentask/core/Tasks", TasksService> = Context.Service<
  Tasks,
  TasksService
>()("@gentask/core/Tasks")

/** The service that queries, watches, waits for and saves tasks. */
export class Tasks extends TasksKey {
  /**
   * A layer that uses the `Transport` of the context.
   *
   * Fails with `ConfigurationError` if an option is invalid or two accounts have the same name.
   */
  static readonly layerNoTransport = (
    options: TasksOptions
  ): Layer.Layer<Tasks, ConfigurationError, Transport> =>
    Layer.effect(
      Tasks,
      Effect.gen(function* () {
        const { poller, registry, fork: _, ...operations } = yield* makeEngine(options)
        const { makeWatch, makeWaitAll } = yield* Effect.promise(() => import("./streams.ts"))
        return {
          ...operations,
          watch: makeWatch(poller, registry),
          waitAll: makeWaitAll(poller, registry)
        }
      })
    )

  /**
   * A layer with the transport of the option `transport`, else `UndiciTransport`.
   *
   * Fails with `ConfigurationError` if an option is invalid or two accounts have the same name.
   *
   * ```ts
   * program.pipe(Effect.provide(Tasks.layer({ providers: [jimmy({ apiKey })] })))
   * ```
   */
  static readonly layer = (options: TasksOptions): Layer.Layer<Tasks, ConfigurationError> =>
    Layer.provide(Tasks.layerNoTransport(options), options.transport ?? UndiciTransport.layer)

  /**
   * A layer whose accounts come from Effect's `Config`: `JIMMY_API_KEY`, `JIMMY_ENDPOINT` and `JIMMY_BASE_URL` for the
   * default account of `jimmy`, `JIMENG_DEEPWL_API_KEY` for the account `deepwl` of `jimeng`, and so on.
   *
   * ```ts
   * program.pipe(Effect.provide(Tasks.layerConfig({ providers: [jimmySpec] })))
   * ```
   *
   * Fails with `ConfigurationError` if an option is invalid. Accounts are validated on first use.
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

import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Stream from "effect/Stream"
import { ClientClosed } from "../exchange/ClientClosed.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type { SaveOptions } from "../save/SaveOptions.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Transport } from "../http/Transport.ts"
import type { TaskStreams } from "./asyncIterable.ts"
import type { ClientPolicies } from "./ClientOptions.ts"
import { Engine, makeEngine } from "./Engine.ts"
import type { EngineService } from "./Engine.ts"
import { invalidOption } from "../account/invalidOption.ts"
import type { QueryOptions, RefInput, RefList, WaitOptions, WatchOptions } from "./OperationOptions.ts"
import type { Settled } from "./PendingWait.ts"
import { ownRef, ownRefs, ownSaveOptions, ownTask } from "./ownInput.ts"
import { TaskIterator } from "./TaskIterator.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import type { RetryOptions } from "./RetryPolicy.ts"
import { transportOf } from "./TransportOptions.ts"
import type { TransportOptions } from "./TransportOptions.ts"

/** Cancels an operation. */
export interface SignalOptions {
  /** Rejects the operation with the signal's reason as soon as it is aborted. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link createGentask}. */
export interface GentaskOptions extends ClientPolicies, TransportOptions {
  /** The accounts, such as `[jimmy({ apiKey })]`. */
  readonly providers: ReadonlyArray<ProviderAccount>
  /** When to retry a failed `query`. False disables retries. @default up to 4 retries of transient errors */
  readonly retry?: RetryOptions | false | undefined
}

/**
 * A client for tasks of all configured providers.
 *
 * Operations reject with errors that extend `GentaskError` and have a `_tag`. After `close`, it is `ClientClosed`.
 */
export interface Gentask {
  /**
   * Queries a task once. Transient errors are retried. A failed task is a value, not an error.
   *
   * ```ts
   * const { status } = await gentask.query("jimmy:1001")
   * ```
   *
   * @param ref The task ref, as text or as its parts.
   * @returns The task's current snapshot.
   * @throws {ProviderError} If the vendor could not be reached, or rejected the query.
   * @throws {ConfigurationError | InvalidTaskRef} If the ref or its account is invalid. Nothing was sent.
   */
  readonly query: (ref: RefInput, options?: QueryOptions & SignalOptions) => Promise<TaskSnapshot>
  /**
   * Iterates over the snapshots of a task until it ends. Unchanged snapshots are left out.
   *
   * ```ts
   * for await (const { status, progress } of gentask.watch("jimmy:1001")) console.log(status, progress)
   * ```
   *
   * @throws {ProviderError} If the vendor refuses the query, or does not know the task.
   * @throws {ConfigurationError | InvalidTaskRef} If the ref or its account is invalid. Nothing was sent.
   */
  readonly watch: (ref: RefInput, options?: WatchOptions & SignalOptions) => AsyncIterable<TaskSnapshot>
  /**
   * Waits until a task has succeeded. Transient errors do not end the wait.
   *
   * ```ts
   * const task = await gentask.wait("jimmy:1001", { timeout: "10 minutes" })
   * ```
   *
   * @returns The snapshot of the succeeded task.
   * @throws {TaskFailed} If the task failed, was canceled or expired.
   * @throws {StillRunning} If the timeout passed. Wait for the same ref to resume.
   * @throws {ProviderError} If the vendor refuses the query, or does not know the task.
   * @throws {ConfigurationError | InvalidTaskRef} If the ref or its account is invalid. Nothing was sent.
   */
  readonly wait: (ref: RefInput, options?: WaitOptions & SignalOptions) => Promise<SucceededSnapshot>
  /**
   * Waits for several tasks and yields each result when it settles. A failed task does not end the other waits.
   *
   * ```ts
   * for await (const result of gentask.waitAll(["jimmy:1001", "sora:1002"])) {
   *   console.log(result.ref, result.ok ? result.snapshot.outputs : result.error.message)
   * }
   * ```
   *
   * @param refs The task refs. A single string is not accepted.
   * @throws {ConfigurationError} If `refs` is not a list, or an option is invalid. Other errors are in the results.
   */
  readonly waitAll: (refs: RefList, options?: WaitOptions & SignalOptions) => AsyncIterable<Settled>
  /**
   * Downloads the outputs of a task to a folder. Each file is complete or missing. Files that were saved before are
   * verified and kept.
   *
   * ```ts
   * const [file] = await gentask.save("jimmy:1001", { dir: "out" })
   * ```
   *
   * @param task A snapshot, or a ref, which is queried first.
   * @throws {SaveError} If an output could not be saved. `saved` lists the files that were.
   * @throws {ConfigurationError | InvalidTaskRef} If an option, the ref or its account is invalid. Nothing was sent.
   * @throws {ProviderError} If the task is given as a ref, and the query failed.
   */
  readonly save: (
    task: TaskSnapshot | RefInput,
    options: SaveOptions & SignalOptions
  ) => Promise<ReadonlyArray<SavedFile>>
  /** Ends all operations with `ClientClosed` and closes the connections. A program may also exit without it. */
  readonly close: () => Promise<void>
  /** Same as `close`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Creates a client over a given transport. See {@link createGentask}. */
export const createClient = (
  { retry, ...options }: GentaskOptions,
  transport: Layer.Layer<Transport>
): Gentask => {
  const retryPolicy = retry === false ? RetryPolicy.none : RetryPolicy.transient(retry)
  const layer = Layer.effect(
    Engine,
    makeEngine({ ...options, providers: [...options.providers], retryPolicy })
  )
  const runtime = ManagedRuntime.make(Layer.provide(layer, transport))
  let isClosed = false
  let engine: EngineService | undefined

  const toRejection = (error: unknown, signal: AbortSignal | undefined): unknown => {
    if (signal?.aborted === true) return signal.reason
    return isClosed && !(error instanceof ClientClosed) ? new ClientClosed({ cause: error }) : error
  }

  const startEngine = async (signal: AbortSignal | undefined): Promise<EngineService> => {
    try {
      engine = await runtime.runPromise(Engine, signal && { signal })
      return engine
    } catch (error) {
      throw toRejection(error, signal)
    }
  }

  const run = async <A, E>(
    use: (engine: EngineService) => Effect.Effect<A, E>,
    signal?: AbortSignal
  ): Promise<A> => {
    signal?.throwIfAborted()
    const started = engine ?? (await startEngine(signal))
    const { promise, resolve, reject } = Promise.withResolvers<A>()
    // `ManagedRuntime` would keep a finalizer and weak references for each promise. These fibers end with the engine too.
    started.fork(use(started), signal && { signal }).addObserver((exit) => {
      if (exit._tag === "Success") resolve(exit.value)
      else reject(toRejection(Cause.squash(exit.cause), signal))
    })
    return promise
  }

  const iterate = <A, E>(
    use: (streams: TaskStreams) => Stream.Stream<A, E>,
    signal?: AbortSignal
  ): AsyncIterable<A> => {
    const start = async (ended: AbortSignal): Promise<AsyncIterator<A>> => {
      const signals = signal === undefined ? [ended] : [signal, ended]
      const aborted = AbortSignal.any(signals)
      aborted.throwIfAborted()
      if (isClosed) throw new ClientClosed()
      // Streams take long to load, and many programs never use one.
      const [started, { toAsyncIterable }] = await Promise.all([
        engine ?? startEngine(aborted),
        import("./asyncIterable.ts")
      ])
      if (isClosed) throw new ClientClosed()
      return toAsyncIterable(started, use, aborted)[Symbol.asyncIterator]()
    }
    return { [Symbol.asyncIterator]: () => new TaskIterator(start) }
  }

  const close = (): Promise<void> => {
    isClosed = true
    return runtime.dispose()
  }

  return {
    query: (ref, options) => {
      const own = ownRef(ref)
      const { signal, ...rest } = options ?? {}
      return run((engine) => engine.query(own, rest), signal)
    },
    watch: (ref, options) => {
      const own = ownRef(ref)
      const { signal, ...rest } = options ?? {}
      return iterate((streams) => streams.watch(own, rest), signal)
    },
    wait: (ref, options) => {
      const own = ownRef(ref)
      const { signal, ...rest } = options ?? {}
      return run((engine) => engine.wait(own, rest), signal)
    },
    waitAll: (refs, options) => {
      const own = ownRefs(refs)
      const { signal, ...rest } = options ?? {}
      return iterate((streams) => streams.waitAll(own, rest), signal)
    },
    // JavaScript may leave out the options. The engine rejects that with a `ConfigurationError`.
    save: (task, options) => {
      const own = ownTask(task)
      const ownOptions = ownSaveOptions(options)
      return run((engine) => engine.save(own, ownOptions), ownOptions.signal)
    },
    close,
    [Symbol.asyncDispose]: close
  }
}

/**
 * Creates a client.
 *
 * ```ts
 * const gentask = createGentask({ providers: [jimmy({ apiKey })] })
 * const task = await gentask.wait("jimmy:1001", { timeout: "10 minutes" })
 * const [file] = await gentask.save(task, { dir: "out" })
 * ```
 *
 * Accounts are validated on first use, so that an invalid one does not affect the others.
 *
 * @throws {ConfigurationError} If `providers` is not a list, or `retry`, `proxy`, `dispatcher` or `fetch` is invalid.
 */
export const createGentask = (options: GentaskOptions): Gentask => {
  if (!Array.isArray((options as Partial<GentaskOptions> | undefined)?.providers)) {
    throw invalidOption(
      "providers",
      "createGentask needs the option providers: a list of accounts, such as [jimmy({ apiKey })]."
    )
  }
  return createClient(options, transportOf(options))
}

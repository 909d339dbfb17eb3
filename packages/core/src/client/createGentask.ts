import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Stream from "effect/Stream"
import { ClientClosed } from "../exchange/ClientClosed.ts"
import type { Transport } from "../http/Transport.ts"
import type { TaskStreams } from "./asyncIterable.ts"
import { Engine, makeEngine } from "./Engine.ts"
import type { EngineService } from "./Engine.ts"
import { invalidOption } from "../account/invalidOption.ts"
import { ownRef, ownRefs, ownSaveOptions, ownSubmit, ownTask, ownWebhook } from "./ownInput.ts"
import { TaskIterator } from "./TaskIterator.ts"
import * as RetryPolicy from "./RetryPolicy.ts"
import { transportOf } from "./TransportOptions.ts"
import { SubmitOutcomeUnknown } from "../submit/SubmitError.ts"
import type { Gentask, GentaskOptions } from "./Gentask.ts"
import type { SubmitOptions } from "./SubmitOptions.ts"

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
    // A submit that may have created a task says so, although the client was closed.
    const isOwn = error instanceof ClientClosed || error instanceof SubmitOutcomeUnknown
    return isClosed && !isOwn ? new ClientClosed({ cause: error }) : error
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

  const abortable = async <A, E>(
    options: SubmitOptions | undefined,
    use: (engine: EngineService) => Effect.Effect<A, E>
  ): Promise<A> => {
    const signal = options?.signal
    signal?.throwIfAborted()
    try {
      return await run(use)
    } catch (error) {
      throw (error as { readonly _tag?: unknown } | undefined)?._tag === "SubmitAborted"
        ? signal?.reason
        : error
    }
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
    // An abort takes effect inside of a submit, which must find out whether the request may have been sent.
    submit: (request, options = {}) => {
      const own = ownSubmit(request)
      return abortable(options, (engine) => engine.submit(own, options))
    },
    generate: (request, options) => {
      const [own, ownOptions] = [ownSubmit(request), ownSaveOptions(options)]
      return abortable(ownOptions, (engine) => engine.generate(own, ownOptions))
    },
    cancel: (ref, { signal } = {}) => {
      const own = ownRef(ref)
      return run((engine) => engine.cancel(own), signal)
    },
    balance: (account, { signal } = {}) => run((engine) => engine.balance(account), signal),
    reconcile: (intent, { signal } = {}) => run((engine) => engine.reconcile(intent), signal),
    receiveWebhook: (account, webhook, { signal } = {}) => {
      const own = ownWebhook(webhook)
      return run((engine) => engine.receiveWebhook(account, own), signal)
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

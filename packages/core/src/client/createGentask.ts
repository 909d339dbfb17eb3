/** The same for people who write promises. */
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Stream from "effect/Stream"
import type { SaveOptions } from "../save/save.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type { SucceededSnapshot, TaskSnapshot } from "../task/TaskSnapshot.ts"
import { Engine, makeEngine } from "./Engine.ts"
import type { EngineService } from "./Engine.ts"
import type { TasksOptions } from "./Tasks.ts"
import type { Settled } from "./PendingWait.ts"
import type { QueryOptions, RefInput, WaitOptions, WatchOptions } from "./OperationOptions.ts"
import type { TaskStreams } from "./asyncIterable.ts"
import * as UndiciTransport from "../http/UndiciTransport.ts"

/** Every operation can be aborted, and then rejects at once with the signal's reason or an `AbortError`. */
export interface SignalOptions {
  readonly signal?: AbortSignal | undefined
}

/** The client. Operations reject with the errors that the Effect API fails with, told apart by `_tag`. */
export interface Gentask {
  /** Asks once. A failed task is a value. Rejects with `ProviderError` when the vendor could not be asked. */
  readonly query: (ref: RefInput, options?: QueryOptions & SignalOptions) => Promise<TaskSnapshot>
  /** Everything new about a task, until its end. */
  readonly watch: (ref: RefInput, options?: WatchOptions & SignalOptions) => AsyncIterable<TaskSnapshot>
  /** Resolves when the task has succeeded. Rejects with `TaskFailed`, with `StillRunning` at the deadline, or with `ProviderError`. */
  readonly wait: (ref: RefInput, options?: WaitOptions & SignalOptions) => Promise<SucceededSnapshot>
  /** Waits for many; each is told as it settles, and none ends the others. */
  readonly waitAll: (
    refs: Iterable<RefInput>,
    options?: WaitOptions & SignalOptions
  ) => AsyncIterable<Settled>
  /** Downloads the outputs of a task, given as its snapshot or its ref. Rejects with `SaveError`. */
  readonly save: (
    task: TaskSnapshot | RefInput,
    options: SaveOptions & SignalOptions
  ) => Promise<ReadonlyArray<SavedFile>>
  /** Ends everything under way and closes the connections. A program may also simply exit. */
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/**
 * Makes a client of these providers.
 *
 * ```ts
 * const gentask = createGentask({ providers: [jimmy({ apiKey })] })
 * const task = await gentask.wait("jimmy:1234", { timeout: "10 minutes" })
 * const [file] = await gentask.save(task, { dir: "out" })
 * ```
 */
export const createGentask = (options: TasksOptions): Gentask => {
  const layer = Layer.effect(Engine, makeEngine(options))
  const runtime = ManagedRuntime.make(Layer.provide(layer, options.transport ?? UndiciTransport.layer))
  let closed = false
  let engine: EngineService | undefined
  const closedError = (cause?: unknown): Error =>
    new Error("The client was closed before the operation ended.", { cause })

  const reasonOf = (error: unknown, signal: AbortSignal | undefined): unknown =>
    signal?.aborted === true ? signal.reason : closed ? closedError(error) : error

  const begin = async (signal: AbortSignal | undefined): Promise<EngineService> => {
    try {
      engine = await runtime.runPromise(Engine, signal && { signal })
      return engine
    } catch (error) {
      throw reasonOf(error, signal)
    }
  }

  const run = async <A, E>(
    use: (engine: EngineService) => Effect.Effect<A, E>,
    signal?: AbortSignal
  ): Promise<A> => {
    signal?.throwIfAborted()
    const begun = engine ?? (await begin(signal))
    const { promise, resolve, reject } = Promise.withResolvers<A>()
    // By the engine's own fibers, which end with it: the runtime would hold a finalizer and weak references for each promise.
    begun.fork(use(begun), signal && { signal }).addObserver((exit) => {
      if (exit._tag === "Success") resolve(exit.value)
      else reject(reasonOf(Cause.squash(exit.cause), signal))
    })
    return promise
  }

  const drawFrom = async function* <A, E>(
    use: (watching: TaskStreams) => Stream.Stream<A, E>,
    signal?: AbortSignal
  ): AsyncGenerator<A> {
    const begun = Promise.all([runtime.context(), import("./asyncIterable.ts")])
    const [context, { toAsyncIterable }] = await begun.catch((error: unknown) => {
      throw closed ? closedError(error) : error
    })
    if (closed) throw closedError()
    yield* toAsyncIterable(context, use, signal)
  }

  const close = (): Promise<void> => {
    closed = true
    return runtime.dispose()
  }
  return {
    query: (ref, { signal, ...rest } = {}) => run((engine) => engine.query(ref, rest), signal),
    watch: (ref, { signal, ...rest } = {}) => drawFrom((watching) => watching.watch(ref, rest), signal),
    wait: (ref, { signal, ...rest } = {}) => run((engine) => engine.wait(ref, rest), signal),
    waitAll: (refs, { signal, ...rest } = {}) => drawFrom((watching) => watching.waitAll(refs, rest), signal),
    save: (task, { signal, ...rest }) => run((engine) => engine.save(task, rest), signal),
    close,
    [Symbol.asyncDispose]: close
  }
}

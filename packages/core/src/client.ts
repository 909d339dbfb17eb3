/** The same for people who write promises. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import type { SaveOptions } from "./output/Save.ts"
import type { SavedFile } from "./output/SavedFile.ts"
import type { SucceededSnapshot, TaskSnapshot } from "./task/TaskSnapshot.ts"
import { Tasks } from "./engine/Tasks.ts"
import type { TasksOptions, TasksService } from "./engine/Tasks.ts"
import type { Settled } from "./engine/Wait.ts"
import type { QueryOptions, RefInput, WaitOptions, WatchOptions } from "./engine/WaitOptions.ts"

/** Every operation can be aborted, and then rejects at once with the signal's reason or an `AbortError`. */
export interface Abortable {
  readonly signal?: AbortSignal | undefined
}

/** The client. Operations reject with the errors that the Effect API fails with, told apart by `_tag`. */
export interface Gentask {
  /** Asks once. A failed task is a value. Rejects with `ProviderError` when the vendor could not be asked. */
  readonly query: (ref: RefInput, options?: QueryOptions & Abortable) => Promise<TaskSnapshot>
  /** Everything new about a task, until its end. */
  readonly watch: (ref: RefInput, options?: WatchOptions & Abortable) => AsyncIterable<TaskSnapshot>
  /** Resolves when the task has succeeded. Rejects with `TaskFailed`, with `StillRunning` at the deadline, or with `ProviderError`. */
  readonly wait: (ref: RefInput, options?: WaitOptions & Abortable) => Promise<SucceededSnapshot>
  /** Waits for many; each is told as it settles, and none ends the others. */
  readonly waitAll: (refs: Iterable<RefInput>, options?: WaitOptions & Abortable) => AsyncIterable<Settled>
  /** Downloads the outputs of a task, given as its snapshot or its ref. Rejects with `SaveError`. */
  readonly save: (
    task: TaskSnapshot | RefInput,
    options: SaveOptions & Abortable
  ) => Promise<ReadonlyArray<SavedFile>>
  /** Ends everything under way and closes the connections. A program may also simply exit. */
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Fails when a signal is aborted. */
const abortion = (signal: AbortSignal): Effect.Effect<never, unknown> =>
  Effect.callback((resume) => {
    const abort = (): void => resume(Effect.fail(signal.reason))
    if (signal.aborted) return abort()
    signal.addEventListener("abort", abort, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", abort))
  })

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
  const runtime = ManagedRuntime.make(Tasks.layer(options))
  let closed = false
  let tasks: TasksService | undefined
  const closedError = (cause?: unknown): Error =>
    new Error("The client was closed before the operation ended.", { cause })

  const run = async <A, E>(
    use: (tasks: TasksService) => Effect.Effect<A, E>,
    signal?: AbortSignal
  ): Promise<A> => {
    signal?.throwIfAborted()
    try {
      const options = signal && { signal }
      tasks ??= await runtime.runPromise(Tasks, options)
      return await runtime.runPromise(use(tasks), options)
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason
      if (closed) throw closedError(error)
      throw error
    }
  }

  const iterate = async function* <A, E>(
    use: (tasks: TasksService) => Stream.Stream<A, E>,
    signal?: AbortSignal
  ): AsyncGenerator<A> {
    if (closed) throw closedError()
    const context = await runtime.context()
    const stream: Stream.Stream<A, unknown> = use(Context.get(context, Tasks))
    const abortable = signal === undefined ? stream : Stream.interruptWhen(stream, abortion(signal))
    yield* Stream.toAsyncIterableWith(abortable, context)
  }

  const close = (): Promise<void> => {
    closed = true
    return runtime.dispose()
  }
  return {
    query: (ref, { signal, ...rest } = {}) => run((tasks) => tasks.query(ref, rest), signal),
    watch: (ref, { signal, ...rest } = {}) => iterate((tasks) => tasks.watch(ref, rest), signal),
    wait: (ref, { signal, ...rest } = {}) => run((tasks) => tasks.wait(ref, rest), signal),
    waitAll: (refs, { signal, ...rest } = {}) => iterate((tasks) => tasks.waitAll(refs, rest), signal),
    save: (task, { signal, ...rest }) => run((tasks) => tasks.save(task, rest), signal),
    close,
    [Symbol.asyncDispose]: close
  }
}

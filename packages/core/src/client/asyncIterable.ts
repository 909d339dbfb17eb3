/** Streams as async iterables, for people who write promises: loaded with the first of them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Engine } from "./Engine.ts"
import type { TasksService } from "./Tasks.ts"
import { makeStreams } from "./streams.ts"

/** What answers with a stream. */
export type TaskStreams = Pick<TasksService, "watch" | "waitAll">

/** Fails when a signal is aborted. */
const abortion = (signal: AbortSignal): Effect.Effect<never, unknown> =>
  Effect.callback((resume) => {
    const abort = (): void => resume(Effect.fail(signal.reason))
    if (signal.aborted) return abort()
    signal.addEventListener("abort", abort, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", abort))
  })

/** Iterates over a stream of the engine's until its end, or until a signal is aborted. */
export const toAsyncIterable = <A, E>(
  context: Context.Context<Engine>,
  use: (watching: TaskStreams) => Stream.Stream<A, E>,
  signal: AbortSignal | undefined
): AsyncIterable<A> => {
  const { poller, resolveRef: address } = Context.get(context, Engine)
  const stream: Stream.Stream<A, unknown> = use(makeStreams(poller, address))
  const abortable = signal === undefined ? stream : Stream.interruptWhen(stream, abortion(signal))
  return Stream.toAsyncIterableWith(abortable, context)
}

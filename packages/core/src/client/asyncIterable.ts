import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { EngineService } from "./Engine.ts"
import { makeWaitAll, makeWatch } from "./streams.ts"

/** The operations that return a stream. */
export interface TaskStreams {
  readonly watch: ReturnType<typeof makeWatch>
  readonly waitAll: ReturnType<typeof makeWaitAll>
}

/** Fails with the signal's reason when the signal is aborted. */
const failOnAbort = (signal: AbortSignal): Effect.Effect<never, unknown> =>
  Effect.callback((resume) => {
    const abort = (): void => resume(Effect.fail(signal.reason))
    if (signal.aborted) return abort()
    signal.addEventListener("abort", abort, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", abort))
  })

/** Converts a stream of the engine into an async iterable. It throws the signal's reason when the signal is aborted. */
export const toAsyncIterable = <A, E>(
  { poller, registry }: EngineService,
  use: (streams: TaskStreams) => Stream.Stream<A, E>,
  signal: AbortSignal | undefined
): AsyncIterable<A> => {
  const streams = { watch: makeWatch(poller, registry), waitAll: makeWaitAll(poller, registry) }
  const stream: Stream.Stream<A, unknown> = use(streams)
  return Stream.toAsyncIterable(
    signal === undefined ? stream : Stream.interruptWhen(stream, failOnAbort(signal))
  )
}

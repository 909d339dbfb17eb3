/** A request queue on the test clock. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import { RateBudget } from "../../src/exchange/RateBudget.ts"
import { RequestQueue } from "../../src/exchange/RequestQueue.ts"
import type { Release, QueuedRequest, RequestOutcome } from "../../src/exchange/RequestQueue.ts"

/** Maximum number of concurrent requests of one account. */
export const maxConcurrency = 64

/** Creates a queue with rate limits. Requests have names, and `started` lists them with their start times. */
export const makeQueue = Effect.fnUntraced(function* (
  ...limits: ConstructorParameters<typeof RateBudget>[0]
) {
  const clock = yield* Clock.Clock
  const fork = yield* FiberSet.runtime(yield* FiberSet.make())()
  const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  const queue = new RequestQueue(new RateBudget(limits), { now, fork })
  const started: Array<readonly [name: string, at: number]> = []
  const releases = new Map<string, Release>()
  const enqueue = (name: string): QueuedRequest => {
    const request: QueuedRequest = {
      isWaiting: false,
      start: (release) => {
        started.push([name, now()])
        releases.set(name, release)
      }
    }
    queue.enqueue(request)
    return request
  }
  /** Ends a request that `enqueue` added. */
  const end = (name: string, outcome: RequestOutcome): void => releases.get(name)?.(outcome)
  /** Sends a request that takes this many milliseconds. */
  const send = (name: string, durationMs: number) => {
    const request = Effect.suspend(() => {
      started.push([name, now()])
      return Effect.as(Effect.sleep(durationMs), name)
    })
    return queue.send(request, ({ _tag }) => (_tag === "Success" ? "succeeded" : undefined))
  }
  return { queue, started, enqueue, end, send }
})

/** Returns the names "0", "1" and so on. */
export const names = (count: number): Array<string> =>
  Array.from({ length: count }, (_, index) => String(index))

/** A lane for requests, on the clock of a test. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import { RateBudget } from "../../src/exchange/RateBudget.ts"
import { RequestQueue } from "../../src/exchange/RequestQueue.ts"
import type { Release, QueuedRequest, RequestOutcome } from "../../src/exchange/RequestQueue.ts"

/** How many requests of one account may be out at once. */
export const width = 64

/** A lane on the test's clock, requests by their names, and when each began. */
export const laneOf = Effect.fnUntraced(function* (...limits: ConstructorParameters<typeof RateBudget>[0]) {
  const clock = yield* Clock.Clock
  const fork = yield* FiberSet.runtime(yield* FiberSet.make())()
  const now = () => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
  const lane = new RequestQueue(new RateBudget(limits), { now, fork })
  const begun: Array<readonly [name: string, at: number]> = []
  const releases = new Map<string, Release>()
  const add = (name: string): QueuedRequest => {
    const waiting: QueuedRequest = {
      isWaiting: false,
      start: (release) => {
        begun.push([name, now()])
        releases.set(name, release)
      }
    }
    lane.enqueue(waiting)
    return waiting
  }
  const end = (name: string, went: RequestOutcome): void => releases.get(name)?.(went)
  /** An exchange of this many milliseconds, in its turn. */
  const run = (name: string, length: number) => {
    const exchange = Effect.suspend(() => {
      begun.push([name, now()])
      return Effect.as(Effect.sleep(length), name)
    })
    return lane.send(exchange, ({ _tag }) => (_tag === "Success" ? "succeeded" : undefined))
  }
  return { lane, begun, add, end, run }
})

/** "0", "1" and so on. */
export const names = (count: number): Array<string> =>
  Array.from({ length: count }, (_, index) => String(index))

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import type { QueuedRequest } from "../../src/exchange/RequestQueue.ts"
import { makeQueue, maxConcurrency, names } from "../support/requestQueue.ts"

describe("RequestQueue.enqueue", () => {
  it.effect("starts requests in order, at most 64 at a time", () =>
    Effect.gen(function* () {
      const { started, enqueue, end } = yield* makeQueue()
      const all = names(200)
      const requests = all.map(enqueue)
      const startedNames = () => started.map(([name]) => name)
      assert.deepStrictEqual(startedNames(), all.slice(0, maxConcurrency))
      assert.deepStrictEqual(
        requests.map(({ isWaiting }) => isWaiting),
        all.map((_, index) => index >= maxConcurrency)
      )
      end("7", "succeeded")
      assert.deepStrictEqual(startedNames(), all.slice(0, maxConcurrency + 1))
      end("3", undefined)
      end("5", { _tag: "Unreachable" })
      assert.deepStrictEqual(startedNames(), all.slice(0, maxConcurrency + 3))
      for (const name of all) end(name, "succeeded")
      assert.deepStrictEqual(startedNames(), all)
    })
  )

  it.effect("counts the end of a request once if its permit is released twice", () =>
    Effect.gen(function* () {
      const { started, enqueue, end } = yield* makeQueue()
      names(maxConcurrency + 2).forEach(enqueue)
      end("0", "succeeded")
      end("0", "succeeded")
      assert.deepStrictEqual(
        started.map(([name]) => name),
        names(maxConcurrency + 1)
      )
    })
  )

  it.effect("starts as many requests as the budget permits, and the others when it permits them", () =>
    Effect.gen(function* () {
      const { started, enqueue, end } = yield* makeQueue({ requests: 2, windowMs: 1000 })
      names(5).forEach(enqueue)
      yield* TestClock.adjust("50 millis")
      end("0", "succeeded")
      end("1", "succeeded")
      yield* TestClock.adjust("1 second")
      end("2", "succeeded")
      end("3", "succeeded")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(started, [
        ["0", 0],
        ["1", 0],
        ["2", 1050],
        ["3", 1050],
        ["4", 2050]
      ])
    })
  )

  it.effect("pauses after a 429, continues more slowly, and speeds up only after successes", () =>
    Effect.gen(function* () {
      const { queue, started, enqueue, end } = yield* makeQueue()
      assert.strictEqual(queue.pausedForMs, 0)
      names(2).forEach(enqueue)
      end("0", { _tag: "RateLimited", retryAfterMs: 5000 })
      for (const name of ["c", "d", "e", "f"]) enqueue(name)
      assert.strictEqual(queue.pausedForMs, 5000)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(queue.pausedForMs, 3000)
      yield* TestClock.adjust("3 seconds")
      end("c", undefined)
      yield* TestClock.adjust("100 millis")
      end("d", { _tag: "Unavailable" })
      yield* TestClock.adjust("100 millis")
      end("e", "succeeded")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(started, [
        ["0", 0],
        ["1", 0],
        ["c", 5000],
        ["d", 5100],
        ["e", 5200],
        ["f", 5290]
      ])
      assert.strictEqual(queue.pausedForMs, 0)
    })
  )

  it.effect("skips a request that left the queue, and spends no budget on it", () =>
    Effect.gen(function* () {
      const { started, enqueue, end } = yield* makeQueue({ requests: 1, windowMs: 1000 })
      const [, second, , fourth] = names(5).map(enqueue)
      end("0", "succeeded")
      for (const request of [second, fourth]) if (request !== undefined) request.isWaiting = false
      yield* TestClock.adjust("1 second")
      end("2", "succeeded")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(started, [
        ["0", 0],
        ["2", 1000],
        ["4", 2000]
      ])
    })
  )

  it.effect("puts a request that is queued again behind the ones that already wait", () =>
    Effect.gen(function* () {
      const { queue, enqueue, end } = yield* makeQueue()
      names(maxConcurrency).forEach(enqueue)
      const order: Array<string> = []
      const makeRequest = (name: string, times: number): QueuedRequest => {
        const request: QueuedRequest = {
          isWaiting: false,
          start: (release) => {
            order.push(name)
            release("succeeded")
            if (order.filter((each) => each === name).length < times) queue.enqueue(request)
          }
        }
        return request
      }
      for (const request of [makeRequest("often", 3), makeRequest("once", 1)]) queue.enqueue(request)
      end("0", "succeeded")
      assert.deepStrictEqual(order, ["often", "once", "often", "often"])
    })
  )

  it.effect("never starts a request within the start of another one that ends synchronously", () =>
    Effect.gen(function* () {
      const { queue, enqueue, end } = yield* makeQueue()
      names(maxConcurrency).forEach(enqueue)
      const count = 100_000
      const order: Array<number> = []
      for (let index = 0; index < count; index += 1) {
        queue.enqueue({
          isWaiting: false,
          start: (release) => {
            order.push(index)
            release("succeeded")
            order.push(index)
          }
        })
      }
      end("0", "succeeded")
      const expected = Array.from({ length: 2 * count }, (_, index) => index >> 1)
      // The message of a deep comparison would be as long as the list.
      assert.strictEqual(order.join(), expected.join())
    })
  )
})

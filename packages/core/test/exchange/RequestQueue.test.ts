import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import type { QueuedRequest } from "../../src/exchange/RequestQueue.ts"
import { laneOf, names, width } from "../support/requestQueue.ts"

describe("a lane", () => {
  it.effect("begins requests in the order they came, 64 at a time", () =>
    Effect.gen(function* () {
      const { begun, add, end } = yield* laneOf()
      const all = names(200)
      const requests = all.map(add)
      const begunNames = () => begun.map(([name]) => name)
      assert.deepStrictEqual(begunNames(), all.slice(0, width))
      assert.deepStrictEqual(
        requests.map(({ isWaiting }) => isWaiting),
        all.map((_, index) => index >= width)
      )
      end("7", "succeeded")
      assert.deepStrictEqual(begunNames(), all.slice(0, width + 1))
      end("3", undefined)
      end("5", { _tag: "Unreachable" })
      assert.deepStrictEqual(begunNames(), all.slice(0, width + 3))
      for (const name of all) end(name, "succeeded")
      assert.deepStrictEqual(begunNames(), all)
    })
  )

  it.effect("counts the end of a request once, however often it is told", () =>
    Effect.gen(function* () {
      const { begun, add, end } = yield* laneOf()
      names(width + 2).forEach(add)
      end("0", "succeeded")
      end("0", "succeeded")
      assert.deepStrictEqual(
        begun.map(([name]) => name),
        names(width + 1)
      )
    })
  )

  it.effect("begins no more than the budget allows, and the rest by itself once it does", () =>
    Effect.gen(function* () {
      const { begun, add, end } = yield* laneOf({ requests: 2, windowMs: 1000 })
      names(5).forEach(add)
      yield* TestClock.adjust("50 millis")
      end("0", "succeeded")
      end("1", "succeeded")
      yield* TestClock.adjust("1 second")
      end("2", "succeeded")
      end("3", "succeeded")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(begun, [
        ["0", 0],
        ["1", 0],
        ["2", 1050],
        ["3", 1050],
        ["4", 2050]
      ])
    })
  )

  it.effect("pauses when the vendor says 429, goes on more slowly, and faster after good answers alone", () =>
    Effect.gen(function* () {
      const { lane, begun, add, end } = yield* laneOf()
      assert.strictEqual(lane.pausedForMs, 0)
      names(2).forEach(add)
      end("0", { _tag: "RateLimited", retryAfterMs: 5000 })
      for (const name of ["c", "d", "e", "f"]) add(name)
      assert.strictEqual(lane.pausedForMs, 5000)
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(lane.pausedForMs, 3000)
      yield* TestClock.adjust("3 seconds")
      end("c", undefined)
      yield* TestClock.adjust("100 millis")
      end("d", { _tag: "Unavailable" })
      yield* TestClock.adjust("100 millis")
      end("e", "succeeded")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(begun, [
        ["0", 0],
        ["1", 0],
        ["c", 5000],
        ["d", 5100],
        ["e", 5200],
        ["f", 5290]
      ])
      assert.strictEqual(lane.pausedForMs, 0)
    })
  )

  it.effect("passes over a request that was taken back, and spends nothing on it", () =>
    Effect.gen(function* () {
      const { begun, add, end } = yield* laneOf({ requests: 1, windowMs: 1000 })
      const [, second, , fourth] = names(5).map(add)
      end("0", "succeeded")
      for (const request of [second, fourth]) if (request !== undefined) request.isWaiting = false
      yield* TestClock.adjust("1 second")
      end("2", "succeeded")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(begun, [
        ["0", 0],
        ["2", 1000],
        ["4", 2000]
      ])
    })
  )

  it.effect("lets nobody wait longer for a request that is queued anew as soon as it is answered", () =>
    Effect.gen(function* () {
      const { lane, add, end } = yield* laneOf()
      names(width).forEach(add)
      const order: Array<string> = []
      const request = (name: string, times: number): QueuedRequest => {
        const waiting: QueuedRequest = {
          isWaiting: false,
          start: (release) => {
            order.push(name)
            release("succeeded")
            if (order.filter((each) => each === name).length < times) lane.enqueue(waiting)
          }
        }
        return waiting
      }
      for (const waiting of [request("often", 3), request("once", 1)]) lane.enqueue(waiting)
      end("0", "succeeded")
      assert.deepStrictEqual(order, ["often", "once", "often", "often"])
    })
  )

  it.effect("begins no request inside of another one that is answered at once, however many there are", () =>
    Effect.gen(function* () {
      const { lane, add, end } = yield* laneOf()
      names(width).forEach(add)
      const count = 100_000
      const order: Array<number> = []
      for (let index = 0; index < count; index += 1) {
        lane.enqueue({
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
      // Not a deep comparison, whose message would be as long as the list.
      assert.strictEqual(order.join(), expected.join())
    })
  )
})

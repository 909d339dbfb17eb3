import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { makeQueue, maxConcurrency, names } from "../support/requestQueue.ts"

describe("RequestQueue.send", () => {
  it.effect("runs 64 requests at a time, and returns each result to its caller", () =>
    Effect.gen(function* () {
      const { started, send } = yield* makeQueue()
      const all = names(2 * maxConcurrency + 2)
      const fiber = yield* Effect.forkChild(
        Effect.all(
          all.map((name) => send(name, 100)),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(fiber), all)
      assert.deepStrictEqual(
        started,
        all.map((name, index) => [name, 100 * Math.floor(index / maxConcurrency)] as const)
      )
    })
  )

  it.effect("starts no more requests than the budget permits", () =>
    Effect.gen(function* () {
      const { started, send } = yield* makeQueue({ requests: 2, windowMs: 1000 })
      for (const name of names(5)) yield* Effect.forkChild(send(name, 50))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(started, [
        ["0", 0],
        ["1", 0],
        ["2", 1050],
        ["3", 1050],
        ["4", 2100]
      ])
    })
  )

  it.effect("starts before polls that wait, and gives one of four turns to a poll", () =>
    Effect.gen(function* () {
      const { started, enqueue, end, send } = yield* makeQueue({ requests: 1, windowMs: 1000 })
      for (const name of ["poll 0", "poll 1", "poll 2", "poll 3"]) enqueue(name)
      end("poll 0", "succeeded")
      for (const name of ["call 0", "call 1", "call 2", "call 3"]) yield* Effect.forkChild(send(name, 0))
      yield* Effect.yieldNow
      for (let second = 0; second < 10; second += 1) {
        yield* TestClock.adjust("1 second")
        for (const name of ["poll 1", "poll 2", "poll 3"]) end(name, "succeeded")
      }
      assert.deepStrictEqual(
        started.map(([name]) => name),
        ["poll 0", "call 0", "call 1", "call 2", "poll 1", "call 3", "poll 2", "poll 3"]
      )
    })
  )

  it.effect("is not delayed by polls that were unsubscribed while they waited", () =>
    Effect.gen(function* () {
      const { started, enqueue, end, send } = yield* makeQueue({ requests: 1, windowMs: 1000 })
      enqueue("first")
      end("first", "succeeded")
      for (const name of names(5)) enqueue(name).isWaiting = false
      yield* Effect.forkChild(send("call", 0))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(started, [
        ["first", 0],
        ["call", 1000]
      ])
    })
  )

  it.effect("leaves the queue when it is interrupted before it starts", () =>
    Effect.gen(function* () {
      const { started, send } = yield* makeQueue({ requests: 1, windowMs: 1000 })
      yield* Effect.forkChild(send("0", 0))
      const second = yield* Effect.forkChild(send("1", 0))
      for (const name of ["2", "3"]) yield* Effect.forkChild(send(name, 0))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("10 seconds")
      const exit = yield* Fiber.await(second)
      assert.isTrue(exit._tag === "Failure" && Cause.hasInterruptsOnly(exit.cause))
      assert.deepStrictEqual(started, [
        ["0", 0],
        ["2", 1000],
        ["3", 2000]
      ])
    })
  )

  it.effect("releases its permit when it is interrupted in flight", () =>
    Effect.gen(function* () {
      const { started, send } = yield* makeQueue()
      const fibers = yield* Effect.forEach(names(maxConcurrency), (name) =>
        Effect.forkChild(send(name, 60_000))
      )
      yield* Effect.forkChild(send("queued", 0))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interruptAll(fibers.slice(0, 1))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(started, [
        ...names(maxConcurrency).map((name) => [name, 0] as const),
        ["queued", 1000]
      ])
    })
  )

  it.effect("reports the outcome to the budget, and the error to the caller", () =>
    Effect.gen(function* () {
      const { queue, started, send } = yield* makeQueue()
      const rejected = queue.send(Effect.fail("too many"), (exit) =>
        exit._tag === "Failure" ? { _tag: "RateLimited", retryAfterMs: 5000 } : "succeeded"
      )
      assert.strictEqual(yield* Effect.flip(rejected), "too many")
      assert.strictEqual(queue.pausedForMs, 5000)
      for (const name of names(3)) yield* Effect.forkChild(send(name, 0))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(started, [
        ["0", 5000],
        ["1", 5090],
        ["2", 5171]
      ])
    })
  )
})

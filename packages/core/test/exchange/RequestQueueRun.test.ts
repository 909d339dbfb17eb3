import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { laneOf, names, width } from "../support/requestQueue.ts"

describe("running in a lane", () => {
  it.effect("runs 64 exchanges at once, and answers each with its own", () =>
    Effect.gen(function* () {
      const { begun, run } = yield* laneOf()
      const all = names(2 * width + 2)
      const fiber = yield* Effect.forkChild(
        Effect.all(
          all.map((name) => run(name, 100)),
          { concurrency: "unbounded" }
        )
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(fiber), all)
      assert.deepStrictEqual(
        begun,
        all.map((name, index) => [name, 100 * Math.floor(index / width)] as const)
      )
    })
  )

  it.effect("runs no more than the budget allows", () =>
    Effect.gen(function* () {
      const { begun, run } = yield* laneOf({ requests: 2, windowMs: 1000 })
      for (const name of names(5)) yield* Effect.forkChild(run(name, 50))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(begun, [
        ["0", 0],
        ["1", 0],
        ["2", 1050],
        ["3", 1050],
        ["4", 2100]
      ])
    })
  )

  it.effect("does not overtake a request whose time has come at the same moment", () =>
    Effect.gen(function* () {
      const { begun, add, end, run } = yield* laneOf({ requests: 1, windowMs: 1000 })
      yield* Effect.forkChild(Effect.delay(run("late", 0), "1 second"))
      // The exchange above sleeps already, so it wakes first.
      yield* Effect.yieldNow
      add("early")
      add("waiting")
      end("early", "succeeded")
      yield* TestClock.adjust("1 second")
      end("waiting", "succeeded")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(begun, [
        ["early", 0],
        ["waiting", 1000],
        ["late", 2000]
      ])
    })
  )

  it.effect("gives its place to the next when it is interrupted before its turn", () =>
    Effect.gen(function* () {
      const { begun, run } = yield* laneOf({ requests: 1, windowMs: 1000 })
      yield* Effect.forkChild(run("0", 0))
      const second = yield* Effect.forkChild(run("1", 0))
      for (const name of ["2", "3"]) yield* Effect.forkChild(run(name, 0))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("10 seconds")
      const exit = yield* Fiber.await(second)
      assert.isTrue(exit._tag === "Failure" && Cause.hasInterruptsOnly(exit.cause))
      assert.deepStrictEqual(begun, [
        ["0", 0],
        ["2", 1000],
        ["3", 2000]
      ])
    })
  )

  it.effect("gives its place to the next when it is interrupted under way", () =>
    Effect.gen(function* () {
      const { begun, run } = yield* laneOf()
      const fibers = yield* Effect.forEach(names(width), (name) => Effect.forkChild(run(name, 60_000)))
      yield* Effect.forkChild(run("queued", 0))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interruptAll(fibers.slice(0, 1))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(begun, [...names(width).map((name) => [name, 0] as const), ["queued", 1000]])
    })
  )

  it.effect("tells the budget how the exchange went, and the caller too", () =>
    Effect.gen(function* () {
      const { lane, begun, run } = yield* laneOf()
      const refused = lane.send(Effect.fail("too many"), (exit) =>
        exit._tag === "Failure" ? { _tag: "RateLimited", retryAfterMs: 5000 } : "succeeded"
      )
      assert.strictEqual(yield* Effect.flip(refused), "too many")
      assert.strictEqual(lane.pausedForMs, 5000)
      for (const name of names(3)) yield* Effect.forkChild(run(name, 0))
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(begun, [
        ["0", 5000],
        ["1", 5090],
        ["2", 5171]
      ])
    })
  )
})

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { everySecond, succeeded, timesOf, withTasks, working } from "../support/acme.ts"

const response = (body: object, headers: Readonly<Record<string, string>>, status = 200) => ({
  response: { status, headers, text: JSON.stringify(body) }
})

const usedUp = { ratelimit: '"default";r=0;t=12' }

describe("a good response that reports a used-up rate limit", () => {
  it.effect("pauses the polls of the account, and is not an error", () => {
    const errors: Array<unknown> = []
    const onPollError = (failure: unknown): void => void errors.push(failure)
    return withTasks({ "1": [response(working, usedUp), succeeded] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.wait("acme:1", { onPollError }))
        yield* TestClock.adjust("11 seconds")
        assert.deepStrictEqual(timesOf(requests), [0])
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Fiber.join(fiber)).status, "succeeded")
        assert.deepStrictEqual(timesOf(requests), [0, 12_000])
        assert.deepStrictEqual(errors, [])
      })
    )
  })

  it.effect("delays the next query, and lets it succeed", () =>
    withTasks({ "1": [response(working, usedUp)], "2": [succeeded] }, (tasks, requests) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* tasks.query("acme:1")).status, "running")
        const fiber = yield* Effect.forkChild(tasks.query("acme:2"))
        yield* TestClock.adjust("12 seconds")
        assert.strictEqual((yield* Fiber.join(fiber)).status, "succeeded")
        assert.deepStrictEqual(timesOf(requests), [0, 12_000])
      })
    )
  )

  it.effect("pauses for at most five minutes", () =>
    withTasks(
      {
        "1": [response(working, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "86400" }), succeeded]
      },
      (tasks, requests) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
          yield* TestClock.adjust("5 minutes")
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(timesOf(requests), [0, 300_000])
        })
    )
  )

  it.effect("does not pause if it is malformed", () =>
    withTasks(
      {
        "1": [response(working, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon" }), succeeded]
      },
      (tasks, requests) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
          yield* TestClock.adjust("1 second")
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(timesOf(requests), [0, 1000])
        })
    )
  )
})

describe("another error that reports a used-up rate limit", () => {
  it.effect("delays the retry", () =>
    withTasks({ "1": [response({}, usedUp, 503), succeeded] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.query("acme:1"))
        yield* TestClock.adjust("12 seconds")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(timesOf(requests), [0, 12_000])
      })
    )
  )
})

describe("HTTP 429", () => {
  it.effect("is retried after the reset of the rate limit if it has no Retry-After", () =>
    withTasks(
      { "1": [response({}, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "6s" }, 429), succeeded] },
      (tasks, requests) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(tasks.query("acme:1"))
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(timesOf(requests), [0, 6000])
        }),
      everySecond
    )
  )

  it.effect("is retried after Retry-After if it has both", () =>
    withTasks({ "1": [response({}, { ...usedUp, "retry-after": "3" }, 429), succeeded] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.query("acme:1"))
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(timesOf(requests), [0, 3000])
      })
    )
  )
})

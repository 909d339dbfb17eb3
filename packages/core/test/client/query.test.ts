import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { succeeded, timesOf, withTasks, working } from "../support/acme.ts"
import { makeSnapshot } from "../support/snapshot.ts"

describe("query", () => {
  it.effect("retries after transient errors, with growing delays", () =>
    withTasks({ "1": [{ _tag: "Unreachable" }, { _tag: "RequestTimedOut" }, working] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.query("acme:1"))
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual((yield* Fiber.join(fiber)).status, "running")
        const delays = requests.map(({ at }, index) => at - (requests[index - 1]?.at ?? 0))
        assert.lengthOf(delays, 3)
        assert.isTrue((delays[1] ?? 0) >= 200 && (delays[1] ?? 0) <= 300, `${delays[1]}`)
        assert.isTrue((delays[2] ?? 0) >= 400 && (delays[2] ?? 0) <= 600, `${delays[2]}`)
      })
    )
  )

  it.effect("never retries earlier than Retry-After", () =>
    withTasks(
      { "1": [{ response: { status: 503, headers: { "retry-after": "9" }, text: "" } }, succeeded] },
      (tasks, requests) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(tasks.query("acme:1"))
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(timesOf(requests), [0, 9000])
        })
    )
  )

  it.effect("fails at once if Retry-After is longer than 30 seconds", () =>
    withTasks(
      {
        long: [{ response: { status: 429, headers: { "retry-after": "31" }, text: "{}" } }],
        short: [{ response: { status: 429, headers: { "retry-after": "30" }, text: "{}" } }, succeeded]
      },
      (tasks, requests) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(tasks.query("acme:long"))
          assert.strictEqual(error.message, "acme:long: too many requests (HTTP 429). Retry after 31 s.")
          assert.lengthOf(requests, 1)
          yield* TestClock.adjust("31 seconds")
          const fiber = yield* Effect.forkChild(tasks.query("acme:short"))
          yield* TestClock.adjust("40 seconds")
          assert.strictEqual((yield* Fiber.join(fiber)).status, "succeeded")
        })
    )
  )

  it.effect("fails at once while the account is paused for more than 30 seconds", () =>
    withTasks(
      {
        "1": [{ response: { status: 429, headers: { "retry-after": "60" }, text: "{}" } }],
        "2": [succeeded]
      },
      (tasks, requests) =>
        Effect.gen(function* () {
          yield* Effect.flip(tasks.query("acme:1"))
          const error = yield* Effect.flip(tasks.query("acme:2"))
          assert.strictEqual(
            error.message,
            "acme:2: too many requests: The account is paused because the vendor rejected an earlier request with a rate limit. Retry after 60 s."
          )
          assert.lengthOf(requests, 1)
          yield* TestClock.adjust("60 seconds")
          assert.strictEqual((yield* tasks.query("acme:2")).status, "succeeded")
        })
    )
  )

  it.effect("fails with the last error after four retries", () =>
    withTasks(
      { "1": [{ _tag: "Unreachable", message: "api.acme.example refused the connection" }] },
      (tasks, requests) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Effect.flip(tasks.query("acme:1")))
          yield* TestClock.adjust("1 minute")
          const error = yield* Fiber.join(fiber)
          assert.strictEqual(
            error.message,
            "acme:1: the vendor could not be reached: api.acme.example refused the connection."
          )
          assert.lengthOf(requests, 5)
        })
    )
  )

  it.effect("returns a failed task as a value", () =>
    withTasks({ "1": [{ status: "broken", message: "no" }] }, (tasks) =>
      Effect.gen(function* () {
        const snapshot = yield* tasks.query("acme:1")
        assert.deepStrictEqual([snapshot.status, snapshot.failure?.message], ["failed", "no"])
      })
    )
  )

  it.effect("returns a warning for a succeeded task without outputs", () =>
    withTasks({ "1": [{ status: "done" }] }, (tasks) =>
      Effect.gen(function* () {
        const snapshot = yield* tasks.query("acme:1")
        const warnings = ["The task succeeded, but the response contains no usable output."]
        assert.deepStrictEqual(snapshot, makeSnapshot({ warnings }))
      })
    )
  )

  it.effect("adds the vendor's response with the option raw", () =>
    withTasks({ "1": [{ status: "working", progress: 5 }] }, (tasks) =>
      Effect.gen(function* () {
        const snapshot = yield* tasks.query("acme:1", { raw: true })
        assert.deepStrictEqual(snapshot.raw, { status: "working", progress: 5 })
      })
    )
  )
})

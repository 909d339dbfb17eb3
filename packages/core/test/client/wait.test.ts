import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import type { PollFailure, TaskSnapshot } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import { everySecond, succeeded, tasksOver, timesOf, withTasks, working } from "../support/acme.ts"

describe("wait", () => {
  it.effect("fails with TaskFailed if the task failed", () =>
    withTasks({ "1": [{ status: "broken", message: "the model fell over" }] }, (tasks) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(tasks.wait("acme:1"))
        assert.strictEqual(error._tag, "TaskFailed")
        assert.strictEqual(error.message, "acme:1 failed (unknown): the model fell over.")
      })
    )
  )

  it.effect("continues after transient errors, calls onPollError, and polls at the same rate", () => {
    const failures: Array<PollFailure> = []
    return withTasks(
      {
        "1": [
          working,
          { _tag: "Unreachable" },
          { response: { status: 503, text: "<html>busy</html>" } },
          { response: { text: "<html>" } },
          { response: { status: 429, headers: { "retry-after": "20" }, text: "{}" } },
          { response: { text: '{"status":5}' } },
          succeeded
        ]
      },
      (tasks, requests) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(
            tasks.wait("acme:1", { onPollError: (failure) => failures.push(failure) })
          )
          yield* TestClock.adjust("2 minutes")
          assert.strictEqual((yield* Fiber.join(fiber)).status, "succeeded")
          assert.deepStrictEqual(
            failures.map(({ ref, error, failures, nextInMs }) => [
              ref,
              error.reason._tag,
              failures,
              nextInMs
            ]),
            [
              ["acme:1", "Unreachable", 1, 1000],
              ["acme:1", "Unavailable", 2, 1000],
              ["acme:1", "UnexpectedResponse", 3, 1000],
              ["acme:1", "RateLimited", 4, 20_000],
              ["acme:1", "UnexpectedResponse", 5, 1000]
            ]
          )
          assert.deepStrictEqual(timesOf(requests), [0, 1000, 2000, 3000, 4000, 24_000, 25_000])
        })
    )
  })

  it.effect('accepts "task not found" only if it repeats over the grace period', () => {
    const notFound = { response: { status: 404, text: "{}" } }
    return withTasks({ late: [notFound, notFound, succeeded] }, (tasks) =>
      Effect.gen(function* () {
        const late = yield* Effect.forkChild(tasks.wait("acme:late"))
        const missing = yield* Effect.forkChild(Effect.flip(tasks.wait("acme:missing")))
        yield* TestClock.adjust("20 seconds")
        assert.strictEqual((yield* Fiber.join(late)).status, "succeeded")
        assert.isUndefined(missing.pollUnsafe())
        yield* TestClock.adjust("2 minutes")
        const error = yield* Fiber.join(missing)
        assert.strictEqual(error._tag === "ProviderError" ? error.reason._tag : error._tag, "TaskNotFound")
      })
    )
  })

  it.effect.each([
    [401, "Unauthorized"],
    [402, "InsufficientCredits"],
    [403, "Forbidden"],
    [400, "InvalidRequest"]
  ] as const)("fails at once if the vendor refuses the query with HTTP %i", ([status, reason]) =>
    withTasks(
      { "1": [{ response: { status, text: '{"message":"no, sk-acme-secret"}' } }] },
      (tasks, requests) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(tasks.wait("acme:1"))
          assert.strictEqual(error._tag === "ProviderError" ? error.reason._tag : error._tag, reason)
          assert.include(error.message, "no, <secret>")
          assert.lengthOf(requests, 1)
        })
    )
  )

  it.effect("shares the polls of two waits, and sends the second one the last snapshot at once", () =>
    withTasks({ "1": [working, working, succeeded] }, (tasks, requests) =>
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("1500 millis")
        const snapshots: Array<TaskSnapshot> = []
        const second = yield* Effect.forkChild(
          tasks.wait("acme:1", { onUpdate: (snapshot) => snapshots.push(snapshot) })
        )
        yield* TestClock.adjust("0 millis")
        assert.deepStrictEqual(
          snapshots.map(({ status }) => status),
          ["running"]
        )
        yield* TestClock.adjust("5 seconds")
        assert.strictEqual(yield* Fiber.join(first), yield* Fiber.join(second))
        assert.lengthOf(requests, 3)
      })
    )
  )

  it.effect("uses the delay until the next poll in the response", () =>
    withTasks({ "1": [{ status: "working", pollAfter: 7000 }, succeeded] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(timesOf(requests), [0, 7000])
      })
    )
  )

  it.effect("stops polling when it is interrupted", () =>
    withTasks({ "1": [working] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("2500 millis")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 minute")
        assert.lengthOf(requests, 3)
      })
    )
  )

  it.effect("ends only the wait whose callback throws", () =>
    withTasks({ "1": [working, succeeded] }, (tasks) =>
      Effect.gen(function* () {
        const onUpdate = (): never => {
          throw new Error("a bug of the caller")
        }
        const throwing = yield* Effect.forkChild(Effect.exit(tasks.wait("acme:1", { onUpdate })))
        const other = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual((yield* Fiber.join(throwing))._tag, "Failure")
        assert.strictEqual((yield* Fiber.join(other)).status, "succeeded")
      })
    )
  )

  it.effect("fails without a request if the task id is invalid", () =>
    withTasks({}, (tasks, requests) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(tasks.wait("acme:.."))
        assert.strictEqual(error._tag, "ConfigurationError")
        assert.strictEqual(
          error.message,
          "acme:..: invalid task id for acme: it would change the path of the request."
        )
        assert.deepStrictEqual(requests, [])
      })
    )
  )

  it.effect("ends with the defect of a transport that throws", () => {
    const bug = new Error("a bug in the transport")
    const transport = Layer.succeed(Transport, { send: () => Effect.die(bug), open: () => Effect.die(bug) })
    return Effect.gen(function* () {
      const tasks = yield* Tasks
      const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("1 minute")
      const exit = yield* Fiber.await(fiber)
      assert.isTrue(exit._tag === "Failure" && Cause.hasDies(exit.cause))
      assert.strictEqual(exit._tag === "Failure" ? Cause.squash(exit.cause) : exit, bug)
    }).pipe(Effect.provide(tasksOver(transport, everySecond)))
  })
})

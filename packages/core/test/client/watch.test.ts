import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type { PollFailure } from "@gentask/core"
import { succeeded, timesOf, withTasks, working } from "../support/acme.ts"
import type { Scripted } from "../support/acme.ts"

const unavailable: Scripted = { response: { status: 503, text: "" } }
const unauthorized: Scripted = { response: { status: 401, text: "" } }

describe("watch", () => {
  it.effect("emits each changed snapshot, and ends with the terminal one", () =>
    withTasks(
      { "1": [{ status: "waiting" }, { status: "waiting" }, { status: "working", progress: 40 }, succeeded] },
      (tasks, requests) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
          yield* TestClock.adjust("10 seconds")
          const snapshots = yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            snapshots.map(({ status, rawStatus, progress }) => ({ status, rawStatus, progress })),
            [
              { status: "queued", rawStatus: "waiting", progress: null },
              { status: "running", rawStatus: "working", progress: 0.4 },
              { status: "succeeded", rawStatus: "done", progress: null }
            ]
          )
          assert.deepStrictEqual(timesOf(requests), [0, 1000, 2000, 3000])
        })
    )
  )

  it.effect("continues after an unknown status", () =>
    withTasks({ "1": [{ status: "frobnicating" }, succeeded] }, (tasks) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(
          (yield* Fiber.join(fiber)).map(({ status, rawStatus }) => [status, rawStatus]),
          [
            ["unknown", "frobnicating"],
            ["succeeded", "done"]
          ]
        )
      })
    )
  )

  it.effect("never emits a lower progress while the task is running", () =>
    withTasks(
      {
        "1": [
          { status: "working", progress: 50 },
          { status: "working", progress: 10 },
          { status: "working" },
          { status: "working", progress: "60%" },
          succeeded
        ]
      },
      (tasks) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
          yield* TestClock.adjust("10 seconds")
          assert.deepStrictEqual(
            (yield* Fiber.join(fiber)).map(({ progress }) => progress),
            [0.5, 0.6, null]
          )
        })
    )
  )

  it.effect("calls onPollError after each failed poll, and continues", () =>
    withTasks({ "1": [unavailable, unavailable, { status: "broken" }] }, (tasks) =>
      Effect.gen(function* () {
        const failures: Array<number> = []
        const options = { onPollError: (failure: PollFailure) => failures.push(failure.failures) }
        const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1", options)))
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(
          (yield* Fiber.join(fiber)).map(({ status }) => status),
          ["failed"]
        )
        assert.deepStrictEqual(failures, [1, 2])
      })
    )
  )

  it.effect("continues after failed polls without onPollError", () =>
    withTasks({ "1": [unavailable, { status: "broken" }] }, (tasks) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
        yield* TestClock.adjust("1 minute")
        assert.lengthOf(yield* Fiber.join(fiber), 1)
      })
    )
  )

  it.effect("ends with a defect if onPollError throws", () =>
    withTasks({ "1": [unavailable] }, (tasks) =>
      Effect.gen(function* () {
        const bug = new Error("a bug of the caller")
        const onPollError = (): never => {
          throw bug
        }
        const fiber = yield* Effect.forkChild(Stream.runDrain(tasks.watch("acme:1", { onPollError })))
        yield* TestClock.adjust("1 minute")
        const exit = yield* Fiber.await(fiber)
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
        assert.strictEqual(Exit.isFailure(exit) ? Cause.squash(exit.cause) : exit, bug)
      })
    )
  )

  it.effect("fails if the vendor refuses the query", () =>
    withTasks({ "1": [unauthorized] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.flip(Stream.runDrain(tasks.watch("acme:1"))))
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "ProviderError")
        assert.lengthOf(requests, 1)
      })
    )
  )

  it.effect("emits each response to a late subscriber with raw", () =>
    withTasks({ "1": [working, { ...working, progress: 10 }, { status: "broken" }] }, (tasks) =>
      Effect.gen(function* () {
        const plain = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
        yield* TestClock.adjust("500 millis")
        const raw = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1", { raw: true })))
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(
          (yield* Fiber.join(raw)).map((snapshot) => snapshot.raw),
          [{ ...working, progress: 10 }, { status: "broken" }]
        )
        assert.deepStrictEqual(
          (yield* Fiber.join(plain)).map((snapshot) => "raw" in snapshot),
          [false, false, false]
        )
      })
    )
  )

  it.effect("stops polling when the stream is interrupted", () =>
    withTasks({ "1": [working] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Stream.runDrain(tasks.watch("acme:1")))
        yield* TestClock.adjust("500 millis")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 minute")
        assert.lengthOf(requests, 1)
      })
    )
  )
})

/** How several waits for one task share its polls. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import type { TaskSnapshot } from "@gentask/core"
import { configureAccount } from "@gentask/core/provider"
import { acme, everySecond, succeeded, timesOf, withTasks, working } from "../support/acme.ts"

it.effect("polling continues for the others when one of three subscribers unsubscribes", () =>
  withTasks({ "1": [working, succeeded] }, (tasks, requests) =>
    Effect.gen(function* () {
      const updates: Array<readonly [number, TaskSnapshot["status"]]> = []
      const waitAs = (subscriber: number) =>
        Effect.forkChild(
          tasks.wait("acme:1", { onUpdate: ({ status }) => updates.push([subscriber, status]) })
        )
      const first = yield* waitAs(1)
      const second = yield* waitAs(2)
      const third = yield* waitAs(3)
      yield* TestClock.adjust("100 millis")
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* Fiber.join(first), yield* Fiber.join(third))
      assert.deepStrictEqual(updates, [
        [1, "running"],
        [2, "running"],
        [3, "running"],
        [1, "succeeded"],
        [3, "succeeded"]
      ])
      assert.deepStrictEqual(timesOf(requests), [0, 1000])
    })
  )
)

it.effect("polling continues for the second subscriber when the first one unsubscribes", () =>
  withTasks({ "1": [working, succeeded] }, (tasks, requests) =>
    Effect.gen(function* () {
      const first = yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("100 millis")
      const second = yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("100 millis")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(second)).status, "succeeded")
      assert.deepStrictEqual(timesOf(requests), [0, 1000])
    })
  )
)

it.effect("polling stops with the last subscriber, and starts again with the next one", () =>
  withTasks({ "1": [working, working, succeeded] }, (tasks, requests) =>
    Effect.gen(function* () {
      const first = yield* Effect.forkChild(tasks.wait("acme:1"))
      const second = yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("100 millis")
      yield* Fiber.interrupt(second)
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("10 seconds")
      assert.lengthOf(requests, 1)
      const third = yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(third)).status, "succeeded")
      assert.lengthOf(requests, 3)
    })
  )
)

it.effect("a task whose subscribers unsubscribe while it is queued costs no request", () => {
  const limited = configureAccount(
    { ...acme, rateLimits: () => [{ requests: 1, windowMs: 1000 }] },
    { apiKey: "sk-acme-secret" }
  )
  return withTasks(
    { "1": [working, succeeded], "2": [succeeded] },
    (tasks, requests) =>
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(tasks.wait("acme:1"))
        const second = yield* Effect.forkChild(tasks.wait("acme:2"))
        yield* TestClock.adjust("500 millis")
        yield* Fiber.interrupt(second)
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.join(first)
        assert.deepStrictEqual(requests, [
          { path: "1", at: 0 },
          { path: "1", at: 1000 }
        ])
      }),
    { providers: [limited], ...everySecond }
  )
})

it.effect("a task without subscribers is not polled together with the others", () =>
  withTasks({ "1": [working, working, succeeded], "2": [working] }, (tasks, requests) =>
    Effect.gen(function* () {
      const first = yield* Effect.forkChild(tasks.wait("acme:1"))
      const second = yield* Effect.forkChild(tasks.wait("acme:2"))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(first)
      assert.deepStrictEqual(requests, [
        { path: "1", at: 0 },
        { path: "2", at: 0 },
        { path: "1", at: 1000 },
        { path: "1", at: 2000 }
      ])
    })
  )
)

it.effect("a late subscriber with raw receives the next response, even if the task has not changed", () =>
  withTasks({ "1": [working, working, succeeded] }, (tasks) =>
    Effect.gen(function* () {
      yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("500 millis")
      const snapshots: Array<TaskSnapshot> = []
      const options = { raw: true, onUpdate: (snapshot: TaskSnapshot) => snapshots.push(snapshot) }
      const late = yield* Effect.forkChild(tasks.wait("acme:1", options))
      yield* TestClock.adjust("499 millis")
      // The raw response of the first poll was not kept.
      assert.deepStrictEqual(snapshots, [])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(
        snapshots.map(({ status, raw }) => ({ status, raw })),
        [{ status: "running", raw: working }]
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual((yield* Fiber.join(late)).raw, succeeded)
    })
  )
)

it.effect("another late subscriber with raw receives the response that was kept for the first one", () =>
  withTasks({ "1": [working, working, working, succeeded] }, (tasks) =>
    Effect.gen(function* () {
      const plain: Array<TaskSnapshot> = []
      const raw: Array<TaskSnapshot> = []
      yield* Effect.forkChild(tasks.wait("acme:1", { onUpdate: (snapshot) => plain.push(snapshot) }))
      yield* TestClock.adjust("500 millis")
      const options = { raw: true, onUpdate: (snapshot: TaskSnapshot) => raw.push(snapshot) }
      yield* Effect.forkChild(tasks.wait("acme:1", options))
      yield* TestClock.adjust("0 millis")
      assert.deepStrictEqual(raw, [])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        raw.map((snapshot) => snapshot.raw),
        [working]
      )
      yield* Effect.forkChild(tasks.wait("acme:1", options))
      yield* TestClock.adjust("0 millis")
      assert.lengthOf(raw, 2)
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(
        raw.map((snapshot) => snapshot.raw),
        [working, working, succeeded, succeeded]
      )
      assert.deepStrictEqual(
        plain.map(({ status, raw }) => ({ status, raw })),
        [
          { status: "running", raw: undefined },
          { status: "succeeded", raw: undefined }
        ]
      )
    })
  )
)

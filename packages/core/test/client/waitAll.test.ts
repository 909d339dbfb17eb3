import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { succeeded, withTasks, working } from "../support/acme.ts"

describe("waitAll", () => {
  it.effect("emits each result when it settles, and continues after an error", () =>
    withTasks(
      {
        quick: [succeeded],
        slow: [working, working, succeeded],
        bad: [{ status: "broken" }],
        long: [working]
      },
      (tasks) =>
        Effect.gen(function* () {
          const refs = ["acme:slow", "invalid", "acme:quick", "other:1", "acme:bad", "acme:long"]
          const fiber = yield* Effect.forkChild(
            Stream.runCollect(tasks.waitAll(refs, { timeout: "1 minute" }))
          )
          yield* TestClock.adjust("1 minute")
          const settled = yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            settled.map((each) => [each.ref, each.ok ? "succeeded" : each.error._tag]),
            [
              ["invalid", "InvalidTaskRef"],
              ["acme:quick", "succeeded"],
              ["other:1", "ConfigurationError"],
              ["acme:bad", "TaskFailed"],
              ["acme:slow", "succeeded"],
              ["acme:long", "StillRunning"]
            ]
          )
        })
    )
  )

  it.effect("ends at once for an empty list", () =>
    withTasks({}, (tasks) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* Stream.runCollect(tasks.waitAll([])), [])
      })
    )
  )

  it.effect("accepts any iterable of refs", () =>
    withTasks({ "1": [succeeded], "2": [succeeded] }, (tasks) =>
      Effect.gen(function* () {
        const settled = yield* Stream.runCollect(tasks.waitAll(new Set(["acme:1", "acme:2"])))
        assert.deepStrictEqual(
          settled.map(({ ref, ok }) => [ref, ok]),
          [
            ["acme:1", true],
            ["acme:2", true]
          ]
        )
      })
    )
  )

  it.effect("stops polling when the stream is interrupted", () =>
    withTasks({ "1": [working], "2": [working] }, (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Stream.runDrain(tasks.waitAll(["acme:1", "acme:2"])))
        yield* TestClock.adjust("500 millis")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 minute")
        assert.lengthOf(requests, 2)
      })
    )
  )

  it.effect("stops polling at the deadline, and emits the ref of a task that was given in parts", () =>
    withTasks({ "1": [working] }, (tasks, requests) =>
      Effect.gen(function* () {
        const unknown = { provider: "unknown", account: undefined, id: "3", params: {} }
        const settled = yield* Effect.forkChild(
          Stream.runCollect(tasks.waitAll(["acme:1", unknown], { timeout: "500 millis" }))
        )
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(
          (yield* Fiber.join(settled)).map((each) => [each.ref, each.ok ? "" : each.error._tag]),
          [
            ["unknown:3", "ConfigurationError"],
            ["acme:1", "StillRunning"]
          ]
        )
        assert.lengthOf(requests, 1)
      })
    )
  )
})

/** How a stream of snapshots ends, and what it leaves behind. */
import { assert, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type { Scripted } from "../support/acme.ts"
import { withTasks, working } from "../support/acme.ts"

const failing: Scripted = { answer: { status: 503, text: "" } }
const refusing: Scripted = { answer: { status: 401, text: "" } }

it.effect("tells of missed polls, and goes on", () =>
  withTasks({ "1": [failing, failing, { status: "broken" }] }, (tasks) =>
    Effect.gen(function* () {
      const missed: Array<number> = []
      const options = { onPollError: ({ failures }: { readonly failures: number }) => missed.push(failures) }
      const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1", options)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ status }) => status),
        ["failed"]
      )
      assert.deepStrictEqual(missed, [1, 2])
    })
  )
)

it.effect("goes on past missed polls that nobody wants to hear of", () =>
  withTasks({ "1": [failing, { status: "broken" }] }, (tasks) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(yield* Fiber.join(fiber), 1)
    })
  )
)

it.effect("ends with what a callback of the caller's throws", () =>
  withTasks({ "1": [failing] }, (tasks) =>
    Effect.gen(function* () {
      const mistake = new Error("a mistake of the caller's")
      const onPollError = (): never => {
        throw mistake
      }
      const fiber = yield* Effect.forkChild(
        Stream.runDrain(tasks.watch("acme:1", { onPollError: onPollError }))
      )
      yield* TestClock.adjust("1 minute")
      const exit = yield* Fiber.await(fiber)
      assert.strictEqual(Exit.isFailure(exit) ? Cause.squash(exit.cause) : exit, mistake)
    })
  )
)

it.effect("ends with the refusal of the vendor's", () =>
  withTasks({ "1": [refusing] }, (tasks, asked) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.flip(Stream.runDrain(tasks.watch("acme:1"))))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "ProviderError")
      assert.lengthOf(asked, 1)
    })
  )
)

it.effect("tells a watcher that comes later and wants the vendor's answers each of them", () =>
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

it.effect("asks no more once nobody draws from it", () =>
  withTasks({ "1": [working], "2": [working] }, (tasks, asked) =>
    Effect.gen(function* () {
      const one = yield* Effect.forkChild(Stream.runDrain(tasks.watch("acme:1")))
      const many = yield* Effect.forkChild(Stream.runDrain(tasks.waitAll(["acme:1", "acme:2"])))
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(one)
      yield* Fiber.interrupt(many)
      yield* TestClock.adjust("1 minute")
      assert.lengthOf(asked, 2)
    })
  )
)

it.effect("asks no more after the deadline, and names each ref, however it was written", () =>
  withTasks({ "1": [working] }, (tasks, asked) =>
    Effect.gen(function* () {
      const unknown = { provider: "nobody", account: undefined, id: "3", params: {} }
      const settled = yield* Effect.forkChild(
        Stream.runCollect(tasks.waitAll(["acme:1", unknown], { timeout: "500 millis" }))
      )
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(settled)).map((each) => [each.ref, each.ok ? "" : each.error._tag]),
        [
          ["nobody:3", "ConfigurationError"],
          ["acme:1", "StillRunning"]
        ]
      )
      assert.lengthOf(asked, 1)
    })
  )
)

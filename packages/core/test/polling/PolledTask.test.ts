import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { Tasks } from "@gentask/core/effect"
import type { TaskSnapshot } from "@gentask/core"
import { configureAccount } from "@gentask/core/provider"
import { AccountClient } from "../../src/exchange/AccountClient.ts"
import { AccountRegistry } from "../../src/exchange/AccountRegistry.ts"
import { PolledTask } from "../../src/polling/PolledTask.ts"
import type { Subscriber } from "../../src/polling/Subscriber.ts"
import { account, acme, everySecond, scripted, succeeded, working } from "../support/acme.ts"

it.effect("goes on for the others when one of three leaves, and tells that one no more", () => {
  const { layer, asked } = scripted({ "1": [working, succeeded] }, everySecond)
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const told: Array<readonly [number, TaskSnapshot["status"]]> = []
    const waitAs = (who: number) =>
      Effect.forkChild(tasks.wait("acme:1", { onUpdate: ({ status }) => told.push([who, status]) }))
    const first = yield* waitAs(1)
    const second = yield* waitAs(2)
    const third = yield* waitAs(3)
    yield* TestClock.adjust("100 millis")
    yield* Fiber.interrupt(second)
    yield* TestClock.adjust("5 seconds")
    assert.strictEqual(yield* Fiber.join(first), yield* Fiber.join(third))
    assert.deepStrictEqual(told, [
      [1, "running"],
      [2, "running"],
      [3, "running"],
      [1, "succeeded"],
      [3, "succeeded"]
    ])
    assert.deepStrictEqual(
      asked.map(({ at }) => at),
      [0, 1000]
    )
  }).pipe(Effect.provide(layer))
})

it.effect("spends no request on a task that was left while it waited for its turn", () => {
  const slow = configureAccount(
    { ...acme, rateLimits: () => [{ requests: 1, windowMs: 1000 }] },
    { apiKey: "sk-acme-secret" }
  )
  const { layer, asked } = scripted(
    { "1": [working, succeeded], "2": [succeeded] },
    { providers: [slow], ...everySecond }
  )
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const first = yield* Effect.forkChild(tasks.wait("acme:1"))
    const second = yield* Effect.forkChild(tasks.wait("acme:2"))
    yield* TestClock.adjust("500 millis")
    yield* Fiber.interrupt(second)
    yield* TestClock.adjust("5 seconds")
    yield* Fiber.join(first)
    assert.deepStrictEqual(asked, [
      { path: "1", at: 0 },
      { path: "1", at: 1000 }
    ])
  }).pipe(Effect.provide(layer))
})

describe("a watch that is over", () => {
  const registry = new AccountRegistry(
    [account()],
    (resolved) =>
      new AccountClient(
        resolved,
        { send: () => Effect.die("nothing is asked here"), open: () => Effect.die("nor downloaded") },
        { timeoutMs: 1000, maxBytes: 1000 },
        { now: () => 0, fork: Effect.runFork }
      )
  )
  const watcher = (): Subscriber => ({
    wantsRaw: false,
    onUpdate: () => undefined,
    onPollError: () => undefined,
    onError: () => undefined,
    onDefect: () => undefined
  })

  it("has nobody to tell, and no last one who could leave", () => {
    const task = new PolledTask(registry.resolve("acme:1"), 0, () => undefined)
    const [first, second] = [watcher(), watcher()]
    task.subscribe(first)
    task.subscribe(second)
    assert.deepStrictEqual(
      [task.unsubscribe(second), task.hasSubscribers, task.subscribers],
      [false, true, [first]]
    )
    assert.deepStrictEqual(task.end(), [first])
    assert.deepStrictEqual(
      [task.unsubscribe(first), task.hasSubscribers, task.subscribers],
      [false, false, []]
    )
    assert.deepStrictEqual(task.end(), [])
  })
})

import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { Timer } from "../../src/exchange/Timer.ts"
import type { Scheduler } from "../../src/exchange/Timer.ts"

const testRunner = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const context = yield* Effect.context()
  return {
    now: () => clock.currentTimeMillisUnsafe(),
    fork: Effect.runForkWith(context)
  } satisfies Scheduler
})

it.effect("rings once, at the earliest time that it was set for", () =>
  Effect.gen(function* () {
    const runner = yield* testRunner
    const rings: Array<number> = []
    const alarm = new Timer(runner, () => rings.push(runner.now()))
    alarm.set(300)
    alarm.set(100)
    alarm.set(200)
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(rings, [100])
  })
)

it.effect("that was set while it rang can be cleared", () =>
  Effect.gen(function* () {
    const runner = yield* testRunner
    const rings: Array<number> = []
    const alarm = new Timer(runner, () => {
      rings.push(runner.now())
      alarm.set(runner.now() + 100)
    })
    alarm.set(0)
    yield* TestClock.adjust("50 millis")
    alarm.clear()
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(rings, [0])
  })
)

import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { Timer } from "../../src/exchange/Timer.ts"
import type { Scheduler } from "../../src/exchange/Timer.ts"

const testScheduler = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const context = yield* Effect.context()
  return {
    now: () => clock.currentTimeMillisUnsafe(),
    fork: Effect.runForkWith(context)
  } satisfies Scheduler
})

it.effect("fires once, at the earliest time that it was set to", () =>
  Effect.gen(function* () {
    const scheduler = yield* testScheduler
    const firedAt: Array<number> = []
    const timer = new Timer(scheduler, () => firedAt.push(scheduler.now()))
    timer.set(300)
    timer.set(100)
    timer.set(200)
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(firedAt, [100])
  })
)

it.effect("can be cleared after it was set by its own callback", () =>
  Effect.gen(function* () {
    const scheduler = yield* testScheduler
    const firedAt: Array<number> = []
    const timer = new Timer(scheduler, () => {
      firedAt.push(scheduler.now())
      timer.set(scheduler.now() + 100)
    })
    timer.set(0)
    yield* TestClock.adjust("50 millis")
    timer.clear()
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(firedAt, [0])
  })
)

/** By default, a wait accepts "task not found" when it repeats three times over 30 seconds. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { PollPolicy } from "@gentask/core"
import type { NotFoundOptions } from "@gentask/core"
import { succeeded, timesOf, withTasks, working } from "../support/acme.ts"
import type { Scripted } from "../support/acme.ts"

const notFound = { response: { status: 404, text: "{}" } }
/** When the wait starts. The clock starts at 0, which a poller could confuse with an unset time. */
const start = 60_000

/** Waits for a task that is polled at an interval. Returns the outcome and the times of the polls. */
const waitFor = (intervalMs: number, script: ReadonlyArray<Scripted>, options?: NotFoundOptions) =>
  withTasks(
    { "1": script },
    (tasks, requests) =>
      Effect.gen(function* () {
        yield* TestClock.adjust(start)
        const wait = Effect.match(tasks.wait("acme:1"), {
          onFailure: (error) => (error._tag === "ProviderError" ? error.reason._tag : error._tag),
          onSuccess: ({ status }) => status
        })
        const fiber = yield* Effect.forkChild(wait)
        yield* TestClock.adjust("10 minutes")
        return { outcome: yield* Fiber.join(fiber), polledAt: timesOf(requests).map((at) => at - start) }
      }),
    { pollPolicy: PollPolicy.fixed(intervalMs), notFound: options }
  )

const times = (count: number, intervalMs: number): Array<number> =>
  Array.from({ length: count }, (_, index) => index * intervalMs)

it.effect("fails at the third response, 30 seconds after the first", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(15_000, [notFound])
    assert.deepStrictEqual(result, { outcome: "TaskNotFound", polledAt: times(3, 15_000) })
  })
)

it.effect("continues after two responses, however far apart", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(60_000, [notFound, notFound, succeeded])
    assert.deepStrictEqual(result, { outcome: "succeeded", polledAt: times(3, 60_000) })
  })
)

it.effect("continues after many responses within less than 30 seconds", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(1000, [...Array.from({ length: 30 }, () => notFound), succeeded])
    assert.deepStrictEqual(result, { outcome: "succeeded", polledAt: times(31, 1000) })
  })
)

it.effect("counts from zero again after the vendor has reported the task", () =>
  Effect.gen(function* () {
    const script = [notFound, notFound, working, notFound, notFound, succeeded]
    const result = yield* waitFor(15_000, script)
    assert.deepStrictEqual(result, { outcome: "succeeded", polledAt: times(6, 15_000) })
  })
)

it.effect("continues after any number of other errors", () =>
  Effect.gen(function* () {
    const errors = Array.from({ length: 20 }, () => ({ _tag: "Unreachable" }) as const)
    const result = yield* waitFor(15_000, [...errors, succeeded])
    assert.deepStrictEqual(result, { outcome: "succeeded", polledAt: times(21, 15_000) })
  })
)

it.effect("fails at the first response if `times` is 1 and `grace` is 0", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(15_000, [notFound], { times: 1, grace: 0 })
    assert.deepStrictEqual(result, { outcome: "TaskNotFound", polledAt: [0] })
  })
)

it.effect("fails after the time that `grace` sets as text", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(15_000, [notFound], { grace: "1m" })
    assert.deepStrictEqual(result, { outcome: "TaskNotFound", polledAt: times(5, 15_000) })
  })
)

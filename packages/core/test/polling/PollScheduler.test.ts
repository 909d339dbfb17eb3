import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { succeeded, timesOf, withTasks, working } from "../support/acme.ts"

/** The times of the polls of a task whose poll policy returns these delays. */
const polledAt = (delays: ReadonlyArray<number>) =>
  withTasks(
    { "1": [...delays.map(() => working), succeeded] },
    (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("10 minutes")
        yield* Fiber.join(fiber)
        return timesOf(requests)
      }),
    { pollPolicy: { next: ({ polls }) => delays[polls - 1] ?? 1000 } }
  )

it.effect("polls again after 30 seconds if the poll policy returns an invalid delay", () =>
  Effect.gen(function* () {
    const times = yield* polledAt([-1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
    assert.deepStrictEqual(times, [0, 30_000, 60_000, 90_000, 120_000])
  })
)

it.effect("polls again at once if the poll policy returns 0", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* polledAt([0, 0, 500, 0]), [0, 0, 0, 500, 500])
  })
)

it.effect("polls again after 30 seconds if the poll policy throws", () =>
  withTasks(
    { "1": [working, working, succeeded] },
    (tasks, requests) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("2 minutes")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(timesOf(requests), [0, 30_000, 60_000])
      }),
    {
      pollPolicy: {
        next: ({ polls }) => {
          if (polls === 1) throw new Error("a bug in the policy")
          return Number.NaN
        }
      }
    }
  )
)

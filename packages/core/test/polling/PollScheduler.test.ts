import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { Tasks } from "@gentask/core/effect"
import { scripted, succeeded, working } from "../support/acme.ts"

/** When a task is asked about whose poll policy answers so after each poll. */
const askedAt = (waits: ReadonlyArray<number>) => {
  const { layer, asked } = scripted(
    { "1": [...waits.map(() => working), succeeded] },
    { pollPolicy: { next: ({ polls }) => waits[polls - 1] ?? 1000 } }
  )
  return Tasks.use((tasks) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(fiber)
      return asked.map(({ at }) => at)
    })
  ).pipe(Effect.provide(layer))
}

it.effect("asks after half a minute where the poll policy answers what is no wait", () =>
  Effect.gen(function* () {
    const asked = yield* askedAt([-1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
    assert.deepStrictEqual(asked, [0, 30_000, 60_000, 90_000, 120_000])
  })
)

it.effect("asks again at once where the poll policy says so", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* askedAt([0, 0, 500, 0]), [0, 0, 0, 500, 500])
  })
)

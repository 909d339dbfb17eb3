/** When a watch believes a vendor that says "no such task": three answers in a row, over half a minute. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { PollPolicy } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { scripted, succeeded } from "../support/acme.ts"
import type { Scripted } from "../support/acme.ts"

const notFound = { answer: { status: 404, text: "{}" } }
/** A watch seldom begins with the clock. */
const beginning = 60_000

/** Waits for a task that is asked about every so many milliseconds; answers how it went, and when it was asked about. */
const waitFor = (wait: number, ...script: ReadonlyArray<Scripted>) => {
  const { layer, asked } = scripted({ "1": script }, { pollPolicy: PollPolicy.fixed(wait) })
  return Tasks.use((tasks) =>
    Effect.gen(function* () {
      yield* TestClock.adjust(beginning)
      const outcome = Effect.match(tasks.wait("acme:1"), {
        onFailure: (error) => (error._tag === "ProviderError" ? error.reason._tag : error._tag),
        onSuccess: ({ status }) => status
      })
      const fiber = yield* Effect.forkChild(outcome)
      yield* TestClock.adjust("10 minutes")
      return { outcome: yield* Fiber.join(fiber), asked: asked.map(({ at }) => at - beginning) }
    })
  ).pipe(Effect.provide(layer))
}

const times = (count: number, wait: number): Array<number> =>
  Array.from({ length: count }, (_, index) => index * wait)

it.effect("believes it at the third answer, half a minute after the first", () =>
  Effect.gen(function* () {
    const ended = yield* waitFor(15_000, notFound)
    assert.deepStrictEqual(ended, { outcome: "TaskNotFound", asked: times(3, 15_000) })
  })
)

it.effect("does not believe two answers, however far apart", () =>
  Effect.gen(function* () {
    const ended = yield* waitFor(60_000, notFound, notFound, succeeded)
    assert.deepStrictEqual(ended, { outcome: "succeeded", asked: times(3, 60_000) })
  })
)

it.effect("does not believe many answers within less than half a minute", () =>
  Effect.gen(function* () {
    const ended = yield* waitFor(1000, ...Array.from({ length: 30 }, () => notFound), succeeded)
    assert.deepStrictEqual(ended, { outcome: "succeeded", asked: times(31, 1000) })
  })
)

it.effect("counts anew once the vendor knew the task", () =>
  Effect.gen(function* () {
    const script = [notFound, notFound, { status: "working" }, notFound, notFound, succeeded]
    const ended = yield* waitFor(15_000, ...script)
    assert.deepStrictEqual(ended, { outcome: "succeeded", asked: times(6, 15_000) })
  })
)

it.effect("goes on through any other fault, however often it comes", () =>
  Effect.gen(function* () {
    const faults = Array.from({ length: 20 }, () => ({ _tag: "Unreachable" }) as const)
    const ended = yield* waitFor(15_000, ...faults, succeeded)
    assert.deepStrictEqual(ended, { outcome: "succeeded", asked: times(21, 15_000) })
  })
)

import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { Tasks } from "@gentask/core/effect"
import { scriptedTasks, succeeded, withTasks, working } from "../support/acme.ts"

it.effect("polls every task that is due at once, however many there are", () => {
  const ids = Array.from({ length: 2500 }, (_, number) => String(number))
  const due = 100_000
  const { layer, requests } = scriptedTasks(Object.fromEntries(ids.map((id) => [id, [working]])), {
    pollPolicy: { next: ({ polls }) => (polls === 1 ? due : 10 * due) - (requests.at(-1)?.at ?? 0) }
  })
  const untilRequests = (count: number) =>
    Effect.gen(function* () {
      for (let turn = 0; turn < 100 && requests.length < count; turn += 1) yield* TestClock.adjust("1 millis")
    })
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    yield* Effect.forkChild(Stream.runDrain(tasks.waitAll(ids.map((id) => `acme:${id}`))))
    yield* untilRequests(2500)
    yield* TestClock.setTime(due)
    yield* untilRequests(5000)
    assert.deepStrictEqual(requests.map(({ path }) => path).toSorted(), [...ids, ...ids].toSorted())
  }).pipe(Effect.provide(layer))
})

it.effect(
  "polls many tasks that are due at different times in turns of 10 milliseconds, and none early",
  () => {
    const ids = Array.from({ length: 3000 }, (_, number) => String(number))
    const start = 100_000
    const dueOf = (id: string): number => start + Number(id)
    const { layer, requests } = scriptedTasks(Object.fromEntries(ids.map((id) => [id, [working]])), {
      pollPolicy: {
        next: ({ polls, snapshot }) =>
          polls === 1 && snapshot !== undefined ? dueOf(snapshot.id) - (requests.at(-1)?.at ?? 0) : 10 * start
      }
    })
    return Effect.gen(function* () {
      const tasks = yield* Tasks
      yield* Effect.forkChild(Stream.runDrain(tasks.waitAll(ids.map((id) => `acme:${id}`))))
      for (let turn = 0; turn < 100 && requests.length < ids.length; turn += 1)
        yield* TestClock.adjust("1 millis")
      yield* TestClock.setTime(start - 1)
      for (let elapsed = 0; elapsed < 3020; elapsed += 1) yield* TestClock.adjust("1 millis")
      const second = requests.slice(ids.length)
      assert.deepStrictEqual(second.map(({ path }) => path).toSorted(), ids.toSorted())
      const lateness = second.map(({ path, at }) => at - dueOf(path))
      assert.isAtLeast(Math.min(...lateness), 0)
      assert.isAtMost(Math.max(...lateness), 10)
      const turns = new Set(second.filter(({ path }) => Number(path) < 2000).map(({ at }) => at))
      assert.isAtMost(turns.size, 201)
    }).pipe(Effect.provide(layer))
  }
)

it.effect("polls each task when it is due, also after another one has ended", () => {
  const script = [working, working, succeeded]
  return withTasks(
    { "1": script, "2": script },
    (tasks, requests) =>
      Effect.gen(function* () {
        const fibers = yield* Effect.forEach(["acme:1", "acme:2"], (ref) => Effect.forkChild(tasks.wait(ref)))
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.joinAll(fibers)
        assert.deepStrictEqual(requests, [
          { path: "1", at: 0 },
          { path: "2", at: 0 },
          { path: "1", at: 1000 },
          { path: "2", at: 1000 },
          { path: "1", at: 1500 },
          { path: "2", at: 1800 }
        ])
      }),
    { pollPolicy: { next: ({ polls, snapshot }) => (polls === 1 ? 1000 : snapshot?.id === "1" ? 500 : 800) } }
  )
})

it.effect("polls no task of an account while a 429 for one of them pauses the account", () => {
  const limited = { response: { status: 429, headers: { "retry-after": "20" }, text: "{}" } }
  return withTasks({ "1": [limited, succeeded], "2": [succeeded] }, (tasks, requests) =>
    Effect.gen(function* () {
      const first = yield* Effect.forkChild(tasks.wait("acme:1"))
      yield* TestClock.adjust("500 millis")
      const second = yield* Effect.forkChild(tasks.wait("acme:2"))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.joinAll([first, second])
      // The second task was queued first. Its success reduces the spacing of 100 ms.
      assert.deepStrictEqual(requests, [
        { path: "1", at: 0 },
        { path: "2", at: 20_000 },
        { path: "1", at: 20_090 }
      ])
    })
  )
})

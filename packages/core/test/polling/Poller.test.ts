import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { Tasks } from "@gentask/core/effect"
import type { TaskSnapshot } from "@gentask/core"
import { everySecond, scripted, succeeded } from "../support/acme.ts"

it.effect("asks at once about every task that is due, however many there are", () => {
  const ids = Array.from({ length: 2500 }, (_, number) => String(number))
  const due = 100_000
  const { layer, asked } = scripted(Object.fromEntries(ids.map((id) => [id, [{ status: "working" }]])), {
    pollPolicy: { next: ({ polls }) => (polls === 1 ? due : 10 * due) - (asked.at(-1)?.at ?? 0) }
  })
  const untilAsked = (times: number) =>
    Effect.gen(function* () {
      for (let turn = 0; turn < 100 && asked.length < times; turn += 1) yield* TestClock.adjust("1 millis")
    })
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    yield* Effect.forkChild(Stream.runDrain(tasks.waitAll(ids.map((id) => `acme:${id}`))))
    yield* untilAsked(2500)
    yield* TestClock.setTime(due)
    yield* untilAsked(5000)
    assert.deepStrictEqual(asked.map(({ path }) => path).toSorted(), [...ids, ...ids].toSorted())
  }).pipe(Effect.provide(layer))
})

it.effect("keeps the vendor's answer for a watcher that joins later and wants it", () => {
  const { layer } = scripted(
    { "1": [{ status: "working" }, { status: "working" }, { status: "working" }, succeeded] },
    everySecond
  )
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const plain: Array<TaskSnapshot> = []
    const raw: Array<TaskSnapshot> = []
    yield* Effect.forkChild(tasks.wait("acme:1", { onUpdate: (snapshot) => plain.push(snapshot) }))
    yield* TestClock.adjust("500 millis")
    const wanting = { raw: true, onUpdate: (snapshot: TaskSnapshot) => raw.push(snapshot) }
    yield* Effect.forkChild(tasks.wait("acme:1", wanting))
    yield* TestClock.adjust("0 millis")
    // The answer that is known was not kept, and nothing is told without it.
    assert.deepStrictEqual(raw, [])
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(
      raw.map((snapshot) => snapshot.raw),
      [{ status: "working" }]
    )
    // Now it is kept, so a third one is told at once.
    yield* Effect.forkChild(tasks.wait("acme:1", wanting))
    yield* TestClock.adjust("0 millis")
    assert.lengthOf(raw, 2)
    yield* TestClock.adjust("5 seconds")
    assert.deepStrictEqual(
      raw.map((snapshot) => snapshot.raw),
      [{ status: "working" }, { status: "working" }, succeeded, succeeded]
    )
    assert.deepStrictEqual(
      plain.map(({ status, raw }) => ({ status, raw })),
      [
        { status: "running", raw: undefined },
        { status: "succeeded", raw: undefined }
      ]
    )
  }).pipe(Effect.provide(layer))
})

it.effect("goes on for the second watcher when the first has left", () => {
  const { layer, asked } = scripted({ "1": [{ status: "working" }, succeeded] }, everySecond)
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const first = yield* Effect.forkChild(tasks.wait("acme:1"))
    yield* TestClock.adjust("100 millis")
    const second = yield* Effect.forkChild(tasks.wait("acme:1"))
    yield* TestClock.adjust("100 millis")
    yield* Fiber.interrupt(first)
    yield* TestClock.adjust("5 seconds")
    assert.strictEqual((yield* Fiber.join(second)).status, "succeeded")
    assert.deepStrictEqual(
      asked.map(({ at }) => at),
      [0, 1000]
    )
  }).pipe(Effect.provide(layer))
})

it.effect("asks no more once every watcher has left, and anew when another comes", () => {
  const { layer, asked } = scripted(
    { "1": [{ status: "working" }, { status: "working" }, succeeded] },
    everySecond
  )
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const first = yield* Effect.forkChild(tasks.wait("acme:1"))
    const second = yield* Effect.forkChild(tasks.wait("acme:1"))
    yield* TestClock.adjust("100 millis")
    yield* Fiber.interrupt(second)
    yield* Fiber.interrupt(first)
    yield* TestClock.adjust("10 seconds")
    assert.lengthOf(asked, 1)
    const third = yield* Effect.forkChild(tasks.wait("acme:1"))
    yield* TestClock.adjust("5 seconds")
    assert.strictEqual((yield* Fiber.join(third)).status, "succeeded")
    assert.lengthOf(asked, 3)
  }).pipe(Effect.provide(layer))
})

it.effect("asks about the later of two tasks once the earlier one has ended", () => {
  const script = [{ status: "working" }, { status: "working" }, succeeded]
  const { layer, asked } = scripted(
    { "1": script, "2": script },
    { pollPolicy: { next: ({ polls, snapshot }) => (polls === 1 ? 1000 : snapshot?.id === "1" ? 500 : 800) } }
  )
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const fibers = yield* Effect.forEach(["acme:1", "acme:2"], (ref) => Effect.forkChild(tasks.wait(ref)))
    yield* TestClock.adjust("5 seconds")
    yield* Fiber.joinAll(fibers)
    assert.deepStrictEqual(asked, [
      { path: "1", at: 0 },
      { path: "2", at: 0 },
      { path: "1", at: 1000 },
      { path: "2", at: 1000 },
      { path: "1", at: 1500 },
      { path: "2", at: 1800 }
    ])
  }).pipe(Effect.provide(layer))
})

it.effect("does not ask about a task that was left while it asks about another", () => {
  const { layer, asked } = scripted(
    { "1": [{ status: "working" }, { status: "working" }, succeeded], "2": [{ status: "working" }] },
    everySecond
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
      { path: "2", at: 0 },
      { path: "1", at: 1000 },
      { path: "1", at: 2000 }
    ])
  }).pipe(Effect.provide(layer))
})

it.effect("leaves every task of an account alone while a 429 for one of them pauses it", () => {
  const limited = { answer: { status: 429, headers: { "retry-after": "20" }, text: "{}" } }
  const { layer, asked } = scripted({ "1": [limited, succeeded], "2": [succeeded] }, everySecond)
  return Effect.gen(function* () {
    const tasks = yield* Tasks
    const first = yield* Effect.forkChild(tasks.wait("acme:1"))
    yield* TestClock.adjust("500 millis")
    const second = yield* Effect.forkChild(tasks.wait("acme:2"))
    yield* TestClock.adjust("1 minute")
    yield* Fiber.joinAll([first, second])
    // The second waited in line first; the good answer to it narrows the spacing of 100 ms.
    assert.deepStrictEqual(asked, [
      { path: "1", at: 0 },
      { path: "2", at: 20_000 },
      { path: "1", at: 20_090 }
    ])
  }).pipe(Effect.provide(layer))
})

/** By default, a wait ends when the same unexpected response repeats ten times over 10 minutes. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { PollPolicy } from "@gentask/core"
import type { UnexpectedResponseOptions } from "@gentask/core"
import { succeeded, timesOf, withTasks, working } from "../support/acme.ts"
import type { Scripted } from "../support/acme.ts"

const page = (text: string): Scripted => ({ response: { status: 200, text: `<html>${text}</html>` } })

const repeat = (count: number, text: string): ReadonlyArray<Scripted> =>
  Array.from({ length: count }, () => page(text))

/** Waits for a task that is polled at an interval. Returns the outcome and the number of polls. */
const waitFor = (intervalMs: number, script: ReadonlyArray<Scripted>, options?: UnexpectedResponseOptions) =>
  withTasks(
    { "1": script },
    (tasks, requests) =>
      Effect.gen(function* () {
        const wait = Effect.match(tasks.wait("acme:1"), {
          onFailure: (error) => (error._tag === "ProviderError" ? error.reason._tag : error._tag),
          onSuccess: ({ status }) => status
        })
        const fiber = yield* Effect.forkChild(wait)
        yield* TestClock.adjust("40 minutes")
        return { outcome: yield* Fiber.join(fiber), polls: timesOf(requests).length }
      }),
    { pollPolicy: PollPolicy.fixed(intervalMs), unexpectedResponse: options }
  )

it.effect("fails at the tenth response if that is 10 minutes after the first", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(120_000, [page("Login")])
    assert.deepStrictEqual(result, { outcome: "UnexpectedResponse", polls: 10 })
  })
)

it.effect("continues for 10 minutes after many responses", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(10_000, [page("Login")])
    assert.deepStrictEqual(result, { outcome: "UnexpectedResponse", polls: 61 })
  })
)

it.effect("takes responses that differ only in ids and dates for identical ones", () =>
  Effect.gen(function* () {
    const pages = Array.from({ length: 10 }, (_, index) =>
      page(`Error at 12:0${index}, Ray ID: 8f${index}c-a1`)
    )
    const result = yield* waitFor(120_000, [...pages, succeeded])
    assert.deepStrictEqual(result, { outcome: "UnexpectedResponse", polls: 10 })
  })
)

it.effect("counts from zero again after another response", () =>
  Effect.gen(function* () {
    const script = [...repeat(9, "Login"), page("Sorry"), ...repeat(3, "Login"), succeeded]
    const result = yield* waitFor(120_000, script)
    assert.deepStrictEqual(result, { outcome: "succeeded", polls: 14 })
  })
)

it.effect("counts from zero again after the vendor has reported the task", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(120_000, [...repeat(9, "Login"), working, ...repeat(3, "Login"), succeeded])
    assert.deepStrictEqual(result, { outcome: "succeeded", polls: 14 })
  })
)

it.effect("fails when the options say so", () =>
  Effect.gen(function* () {
    const result = yield* waitFor(15_000, [page("Login")], { times: 2, grace: "10 seconds" })
    assert.deepStrictEqual(result, { outcome: "UnexpectedResponse", polls: 2 })
  })
)

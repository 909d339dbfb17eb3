/** A webhook wakes the waits of its task, and cannot do more. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import { PollPolicy } from "@gentask/core"
import type { ProviderAccount } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import { account, succeeded, tasksOver, timesOf, withTasks, working } from "../support/acme.ts"
import type { RecordedRequest, Scripted } from "../support/acme.ts"
import { webhookAccount } from "../support/webhooks.ts"

const bodyOf = (value: unknown) => ({ headers: {}, body: JSON.stringify(value) })

const receive = (tasks: Tasks["Service"], body: Readonly<Record<string, unknown>>) =>
  tasks.receiveWebhook("acme", bodyOf(body))

/** Waits for the task `acme:1`, which is polled every 5 minutes. */
const whileWaiting = <A, E>(
  script: ReadonlyArray<Scripted>,
  use: (
    tasks: Tasks["Service"],
    requests: ReadonlyArray<RecordedRequest>,
    waiting: Fiber.Fiber<unknown, unknown>
  ) => Effect.Effect<A, E>,
  providers: ReadonlyArray<ProviderAccount> = [webhookAccount()]
) =>
  withTasks(
    { "1": script },
    (tasks, requests) =>
      Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(timesOf(requests), [0])
        return yield* use(tasks, requests, waiting)
      }),
    { providers, pollPolicy: PollPolicy.fixed("5 minutes") }
  )

describe("receiveWebhook", () => {
  it.effect("queries a task that the client waits for at once", () =>
    whileWaiting([working, succeeded], (tasks, requests, waiting) =>
      Effect.gen(function* () {
        const received = yield* receive(tasks, { id: "1" })
        assert.deepStrictEqual(received, { refs: ["acme:1"], isVerified: false, response: undefined })
        assert.strictEqual(((yield* Fiber.join(waiting)) as { status: string }).status, "succeeded")
        assert.deepStrictEqual(timesOf(requests), [0, 10_000])
      })
    )
  )

  it.effect("never uses the status in a webhook", () =>
    whileWaiting([working], (tasks, requests, waiting) =>
      Effect.gen(function* () {
        yield* receive(tasks, { id: "1", status: "done" })
        yield* TestClock.adjust("10 seconds")
        assert.isUndefined(waiting.pollUnsafe())
        assert.deepStrictEqual(timesOf(requests), [0, 10_000])
        yield* Fiber.interrupt(waiting)
      })
    )
  )

  it.effect("polls a bounded number of times, however many webhooks are received", () =>
    whileWaiting([working], (tasks, requests, waiting) =>
      Effect.gen(function* () {
        for (let tenths = 0; tenths < 2400; tenths += 1) {
          yield* receive(tasks, { id: "1" })
          yield* TestClock.adjust("100 millis")
        }
        // 4 minutes: delays of 1, 2, 4 … seconds after the first poll.
        assert.deepStrictEqual(
          timesOf(requests),
          [0, 10, 11, 13, 17, 25, 41, 73, 137].map((seconds) => seconds * 1000)
        )
        yield* Fiber.interrupt(waiting)
      })
    )
  )

  it.effect("does not delay the polls that are due without webhooks", () =>
    whileWaiting([working], (tasks, requests, waiting) =>
      Effect.gen(function* () {
        for (let count = 0; count < 12; count += 1) {
          yield* receive(tasks, { id: "1" })
          yield* TestClock.adjust("1 minute")
        }
        const times = timesOf(requests)
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
        assert.isAtMost(Math.max(...gaps), 300_000)
        yield* Fiber.interrupt(waiting)
      })
    )
  )

  it.effect("queries again soon if a change was found", () =>
    whileWaiting(
      [working, { ...working, progress: 10 }, { ...working, progress: 20 }, succeeded],
      (tasks, requests, waiting) =>
        Effect.gen(function* () {
          for (let count = 0; count < 3; count += 1) {
            yield* receive(tasks, { id: "1" })
            yield* TestClock.adjust("1 seconds")
          }
          yield* Fiber.join(waiting)
          assert.deepStrictEqual(timesOf(requests), [0, 10_000, 11_000, 12_000])
        })
    )
  )

  it.effect("waits as long as the vendor requires", () => {
    const unavailable = { response: { status: 503, headers: { "retry-after": "60" }, text: "{}" } }
    return whileWaiting([unavailable, succeeded], (tasks, requests, waiting) =>
      Effect.gen(function* () {
        yield* receive(tasks, { id: "1" })
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(waiting)
        assert.deepStrictEqual(timesOf(requests), [0, 60_000])
      })
    )
  })

  it.effect("sends no request for a task that the client does not wait for", () =>
    whileWaiting([working], (tasks, requests, waiting) =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* receive(tasks, { id: "2", kind: "video" })).refs, [
          "acme:2?kind=video"
        ])
        assert.deepStrictEqual((yield* receive(tasks, { id: "1", kind: "video" })).refs, [
          "acme:1?kind=video"
        ])
        yield* Fiber.interrupt(waiting)
        assert.deepStrictEqual((yield* receive(tasks, { id: "1" })).refs, ["acme:1"])
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(timesOf(requests), [0])
      })
    )
  )

  it.effect("finds a task whose params the webhook does not contain", () =>
    withTasks(
      { "1": [working, working, succeeded] },
      (tasks) =>
        Effect.gen(function* () {
          const refs = ["acme:1?kind=image", "acme:1?kind=video"]
          const waiting = yield* Effect.forEach(refs, (ref) => Effect.forkChild(tasks.wait(ref)))
          yield* TestClock.adjust("1 seconds")
          assert.deepStrictEqual((yield* receive(tasks, { id: "1" })).refs, refs)
          yield* TestClock.adjust("1 seconds")
          yield* Fiber.joinAll(waiting)
          assert.deepStrictEqual((yield* receive(tasks, { id: "1", kind: "image" })).refs, refs.slice(0, 1))
        }),
      { providers: [webhookAccount()], pollPolicy: PollPolicy.fixed("5 minutes") }
    )
  )

  it.effect("returns what the vendor expects as the response", () =>
    whileWaiting([working], (tasks, requests, waiting) =>
      Effect.gen(function* () {
        const received = yield* receive(tasks, { challenge: "abc" })
        assert.deepStrictEqual(received, { refs: [], isVerified: false, response: { challenge: "abc" } })
        assert.deepStrictEqual((yield* receive(tasks, {})).refs, [])
        assert.deepStrictEqual(timesOf(requests), [0])
        yield* Fiber.interrupt(waiting)
      })
    )
  )

  it.effect("queries once more after a request that was in flight", () => {
    const times: Array<number> = []
    const slow = Layer.succeed(Transport, {
      send: () =>
        Effect.gen(function* () {
          times.push(yield* Clock.currentTimeMillis)
          const body = times.length === 1 ? working : succeeded
          yield* Effect.sleep("5 seconds")
          return { status: 200, headers: {}, text: JSON.stringify(body) }
        }),
      open: () => Effect.die("unexpected download")
    })
    const options = { providers: [webhookAccount()], pollPolicy: PollPolicy.fixed("5 minutes") }
    return Tasks.use((tasks) =>
      Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(tasks.wait("acme:1"))
        for (let count = 0; count < 3; count += 1) {
          yield* TestClock.adjust("1 seconds")
          yield* receive(tasks, { id: "1" })
        }
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(waiting)
        assert.deepStrictEqual(times, [0, 5000])
      })
    ).pipe(Effect.provide(tasksOver(slow, options)))
  })

  it.effect("fails for a vendor without webhooks, and for an unknown account", () =>
    withTasks(
      {},
      (tasks) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(receive(tasks, { id: "1" }))
          assert.deepInclude(error, { _tag: "ConfigurationError" })
          assert.match(error.message, /documents no webhooks/)
          const unknown = yield* Effect.flip(tasks.receiveWebhook("other", bodyOf({})))
          assert.strictEqual(unknown._tag, "ConfigurationError")
        }),
      { providers: [account()] }
    )
  )
})

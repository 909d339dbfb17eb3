import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import type { PollFailure, TaskSnapshot } from "@gentask/core"
import { succeeded, withTasks } from "../support/acme.ts"

describe("watching", () => {
  it.effect("tells what is new, and ends with the terminal snapshot", () =>
    withTasks(
      { "1": [{ status: "waiting" }, { status: "waiting" }, { status: "working", progress: 40 }, succeeded] },
      (tasks, asked) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
          yield* TestClock.adjust("10 seconds")
          const snapshots = yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            snapshots.map(({ status, rawStatus, progress }) => ({ status, rawStatus, progress })),
            [
              { status: "queued", rawStatus: "waiting", progress: null },
              { status: "running", rawStatus: "working", progress: 0.4 },
              { status: "succeeded", rawStatus: "done", progress: null }
            ]
          )
          assert.deepStrictEqual(
            asked.map(({ at }) => at),
            [0, 1000, 2000, 3000]
          )
        })
    )
  )

  it.effect("keeps asking about a word that it does not know", () =>
    withTasks({ "1": [{ status: "frobnicating" }, succeeded] }, (tasks) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(
          (yield* Fiber.join(fiber)).map(({ status, rawStatus }) => [status, rawStatus]),
          [
            ["unknown", "frobnicating"],
            ["succeeded", "done"]
          ]
        )
      })
    )
  )

  it.effect("never lets progress go back while the task goes on", () =>
    withTasks(
      {
        "1": [
          { status: "working", progress: 50 },
          { status: "working", progress: 10 },
          { status: "working" },
          { status: "working", progress: "60%" },
          succeeded
        ]
      },
      (tasks) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Stream.runCollect(tasks.watch("acme:1")))
          yield* TestClock.adjust("10 seconds")
          assert.deepStrictEqual(
            (yield* Fiber.join(fiber)).map(({ progress }) => progress),
            [0.5, 0.6, null]
          )
        })
    )
  )

  it.effect("costs one poll for two watchers of one task, and tells the second at once", () =>
    withTasks({ "1": [{ status: "working" }, { status: "working" }, succeeded] }, (tasks, asked) =>
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("1500 millis")
        const seen: Array<TaskSnapshot> = []
        const second = yield* Effect.forkChild(
          tasks.wait("acme:1", { onUpdate: (snapshot) => seen.push(snapshot) })
        )
        yield* TestClock.adjust("0 millis")
        assert.deepStrictEqual(
          seen.map(({ status }) => status),
          ["running"]
        )
        yield* TestClock.adjust("5 seconds")
        assert.strictEqual(yield* Fiber.join(first), yield* Fiber.join(second))
        assert.lengthOf(asked, 3)
      })
    )
  )

  it.effect("keeps the vendor's own wish for the next poll", () =>
    withTasks({ "1": [{ status: "working", pollAfter: 7000 }, succeeded] }, (tasks, asked) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(
          asked.map(({ at }) => at),
          [0, 7000]
        )
      })
    )
  )

  it.effect("stops asking when nobody watches any more", () =>
    withTasks({ "1": [{ status: "working" }] }, (tasks, asked) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("2500 millis")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 minute")
        assert.lengthOf(asked, 3)
      })
    )
  )
})

describe("waiting", () => {
  it.effect("fails with the task's own failure", () =>
    withTasks({ "1": [{ status: "broken", why: "the model fell over" }] }, (tasks) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(tasks.wait("acme:1"))
        assert.strictEqual(error._tag, "TaskFailed")
        assert.strictEqual(error.message, "acme:1 failed (unknown): the model fell over.")
      })
    )
  )

  it.effect("answers StillRunning at the deadline, with the ref and what was told last", () =>
    withTasks({ "1": [{ status: "working", progress: 30 }] }, (tasks) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.flip(tasks.wait("acme:1", { timeout: "1 minute" })))
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(fiber)
        assert.strictEqual(error._tag, "StillRunning")
        if (error._tag !== "StillRunning") return
        assert.deepStrictEqual(
          [error.ref, error.snapshot?.status, error.snapshot?.progress],
          ["acme:1", "running", 0.3]
        )
      })
    )
  )

  it.effect("outlives every transient fault, tells of each, and polls no faster for it", () => {
    const missed: Array<PollFailure> = []
    return withTasks(
      {
        "1": [
          { status: "working" },
          { _tag: "Unreachable" },
          { answer: { status: 503, text: "<html>busy</html>" } },
          { answer: { text: "<html>" } },
          { answer: { status: 429, headers: { "retry-after": "20" }, text: "{}" } },
          { answer: { text: '{"status":5}' } },
          succeeded
        ]
      },
      (tasks, asked) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(
            tasks.wait("acme:1", { onPollError: (each) => missed.push(each) })
          )
          yield* TestClock.adjust("2 minutes")
          assert.strictEqual((yield* Fiber.join(fiber)).status, "succeeded")
          assert.deepStrictEqual(
            missed.map(({ error, failures: misses, nextInMs: nextIn }) => [
              error.reason._tag,
              misses,
              nextIn
            ]),
            [
              ["Unreachable", 1, 1000],
              ["Unavailable", 2, 1000],
              ["UnexpectedResponse", 3, 1000],
              ["RateLimited", 4, 20_000],
              ["UnexpectedResponse", 5, 1000]
            ]
          )
          assert.deepStrictEqual(
            asked.map(({ at }) => at),
            [0, 1000, 2000, 3000, 4000, 24_000, 25_000]
          )
        })
    )
  })

  it.effect("believes 'no such task' only when it repeats over the grace period", () =>
    withTasks(
      { late: [{ answer: { status: 404, text: "{}" } }, { answer: { status: 404, text: "{}" } }, succeeded] },
      (tasks) =>
        Effect.gen(function* () {
          const late = yield* Effect.forkChild(tasks.wait("acme:late"))
          const never = yield* Effect.forkChild(Effect.flip(tasks.wait("acme:never")))
          yield* TestClock.adjust("20 seconds")
          assert.strictEqual((yield* Fiber.join(late)).status, "succeeded")
          assert.isUndefined(never.pollUnsafe())
          yield* TestClock.adjust("2 minutes")
          const error = yield* Fiber.join(never)
          assert.strictEqual(error._tag === "ProviderError" ? error.reason._tag : error._tag, "TaskNotFound")
        })
    )
  )

  it.effect.each([
    [401, "Unauthorized"],
    [402, "InsufficientCredits"],
    [403, "Forbidden"],
    [400, "InvalidRequest"]
  ] as const)("ends at once when the vendor refuses for good: HTTP %i", ([status, reason]) =>
    withTasks({ "1": [{ answer: { status, text: '{"message":"no, sk-acme-secret"}' } }] }, (tasks, asked) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(tasks.wait("acme:1"))
        assert.strictEqual(error._tag === "ProviderError" ? error.reason._tag : error._tag, reason)
        assert.include(error.message, "no, <secret>")
        assert.lengthOf(asked, 1)
      })
    )
  )

  it.effect("is not lost when the caller's poll policy fails", () =>
    withTasks(
      { "1": [{ status: "working" }, { status: "working" }, succeeded] },
      (tasks, asked) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(tasks.wait("acme:1"))
          yield* TestClock.adjust("2 minutes")
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            asked.map(({ at }) => at),
            [0, 30_000, 60_000]
          )
        }),
      {
        pollPolicy: {
          next: ({ polls }) => {
            if (polls === 1) throw new Error("a mistake")
            return Number.NaN
          }
        }
      }
    )
  )

  it.effect("ends only the wait whose callback throws", () =>
    withTasks({ "1": [{ status: "working" }, succeeded] }, (tasks) =>
      Effect.gen(function* () {
        const throwing = yield* Effect.forkChild(
          Effect.exit(
            tasks.wait("acme:1", {
              onUpdate: () => {
                throw new Error("a mistake")
              }
            })
          )
        )
        const other = yield* Effect.forkChild(tasks.wait("acme:1"))
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual((yield* Fiber.join(throwing))._tag, "Failure")
        assert.strictEqual((yield* Fiber.join(other)).status, "succeeded")
      })
    )
  )
})

describe("waiting for many", () => {
  it.effect("tells each as it settles, and none ends the others", () =>
    withTasks(
      {
        quick: [succeeded],
        slow: [{ status: "working" }, { status: "working" }, succeeded],
        bad: [{ status: "broken" }],
        long: [{ status: "working" }]
      },
      (tasks) =>
        Effect.gen(function* () {
          const refs = ["acme:slow", "no ref", "acme:quick", "other:1", "acme:bad", "acme:long"]
          const fiber = yield* Effect.forkChild(
            Stream.runCollect(tasks.waitAll(refs, { timeout: "1 minute" }))
          )
          yield* TestClock.adjust("1 minute")
          const settled = yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            settled.map((each) => [each.ref, each.ok ? "succeeded" : each.error._tag]),
            [
              ["no ref", "InvalidTaskRef"],
              ["acme:quick", "succeeded"],
              ["other:1", "ConfigurationError"],
              ["acme:bad", "TaskFailed"],
              ["acme:slow", "succeeded"],
              ["acme:long", "StillRunning"]
            ]
          )
        })
    )
  )

  it.effect("ends at once for an empty list", () =>
    withTasks({}, (tasks) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* Stream.runCollect(tasks.waitAll([])), [])
      })
    )
  )
})

describe("asking once", () => {
  it.effect("asks again after transient faults, later each time", () =>
    withTasks(
      { "1": [{ _tag: "Unreachable" }, { _tag: "RequestTimedOut" }, { status: "working" }] },
      (tasks, asked) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(tasks.query("acme:1"))
          yield* TestClock.adjust("10 seconds")
          assert.strictEqual((yield* Fiber.join(fiber)).status, "running")
          const waits = asked.map(({ at }, index) => at - (asked[index - 1]?.at ?? 0))
          assert.lengthOf(waits, 3)
          assert.isTrue((waits[1] ?? 0) >= 200 && (waits[1] ?? 0) <= 300, `${waits[1]}`)
          assert.isTrue((waits[2] ?? 0) >= 400 && (waits[2] ?? 0) <= 600, `${waits[2]}`)
        })
    )
  )

  it.effect("never asks sooner than Retry-After", () =>
    withTasks(
      { "1": [{ answer: { status: 503, headers: { "retry-after": "9" }, text: "" } }, succeeded] },
      (tasks, asked) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(tasks.query("acme:1"))
          yield* TestClock.adjust("10 seconds")
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            asked.map(({ at }) => at),
            [0, 9000]
          )
        })
    )
  )

  it.effect("does not sit out a vendor that asks to wait for longer than half a minute", () =>
    withTasks(
      {
        long: [{ answer: { status: 429, headers: { "retry-after": "31" }, text: "{}" } }],
        short: [{ answer: { status: 429, headers: { "retry-after": "30" }, text: "{}" } }, succeeded]
      },
      (tasks, asked) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(tasks.query("acme:long"))
          assert.strictEqual(error.message, "acme:long: too many requests (HTTP 429). It asks to wait 31 s.")
          assert.lengthOf(asked, 1)
          yield* TestClock.adjust("31 seconds")
          const fiber = yield* Effect.forkChild(tasks.query("acme:short"))
          yield* TestClock.adjust("40 seconds")
          assert.strictEqual((yield* Fiber.join(fiber)).status, "succeeded")
        })
    )
  )

  it.effect("gives up after five answers in a row that are none, and says why", () =>
    withTasks(
      { "1": [{ _tag: "Unreachable", message: "api.acme.example refused the connection" }] },
      (tasks, asked) =>
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Effect.flip(tasks.query("acme:1")))
          yield* TestClock.adjust(Duration.minutes(1))
          const error = yield* Fiber.join(fiber)
          assert.strictEqual(
            error.message,
            "acme:1: the vendor could not be reached: api.acme.example refused the connection."
          )
          assert.lengthOf(asked, 5)
        })
    )
  )

  it.effect("answers a failed task as a value", () =>
    withTasks({ "1": [{ status: "broken", why: "no" }] }, (tasks) =>
      Effect.gen(function* () {
        const snapshot = yield* tasks.query("acme:1")
        assert.deepStrictEqual([snapshot.status, snapshot.failure?.message], ["failed", "no"])
      })
    )
  )

  it.effect("says that a success without any output is one", () =>
    withTasks({ "1": [{ status: "done" }] }, (tasks) =>
      Effect.gen(function* () {
        const snapshot = yield* tasks.query("acme:1")
        assert.deepStrictEqual(snapshot, {
          ref: "acme:1",
          provider: "acme",
          account: "acme",
          id: "1",
          status: "succeeded",
          rawStatus: "done",
          progress: null,
          model: null,
          prompt: null,
          createdAt: null,
          updatedAt: null,
          completedAt: null,
          outputs: [],
          failure: null,
          warnings: ["The task succeeded, but the response contains no usable output."]
        })
      })
    )
  )

  it.effect("adds the vendor's own answer where it is asked for", () =>
    withTasks({ "1": [{ status: "working", progress: 5 }] }, (tasks) =>
      Effect.gen(function* () {
        const snapshot = yield* tasks.query("acme:1", { raw: true })
        assert.deepStrictEqual(snapshot.raw, { status: "working", progress: 5 })
      })
    )
  )
})

/** What `StillRunning` says about the task and about the last poll. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { StillRunning } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import { tasksOver, withTasks, working } from "../support/acme.ts"
import type { Scripted } from "../support/acme.ts"

const unreachable = { _tag: "Unreachable", message: "api.acme.example refused the connection" } as const

/** The errors of `wait` and of `waitAll` at the deadline, 1.5 seconds after two polls. */
const timeOut = (...script: ReadonlyArray<Scripted>) =>
  withTasks({ "1": script, "2": script }, (tasks) =>
    Effect.gen(function* () {
      const options = { timeout: "1500ms" }
      const wait = yield* Effect.forkChild(Effect.flip(tasks.wait("acme:1", options)))
      const waitAll = yield* Effect.forkChild(Stream.runCollect(tasks.waitAll(["acme:2"], options)))
      yield* TestClock.adjust("1500 millis")
      const [settled] = yield* Fiber.join(waitAll)
      const errors = [yield* Fiber.join(wait), settled?.ok === false ? settled.error : undefined]
      return errors.map((error) => {
        assert.instanceOf(error, StillRunning)
        return error
      })
    })
  )

describe("StillRunning", () => {
  it.effect("has the ref, the last snapshot, and no error if the last poll succeeded", () =>
    Effect.gen(function* () {
      const errors = yield* timeOut(unreachable, { status: "working", progress: 30 })
      assert.deepStrictEqual(
        errors.map(({ ref, snapshot, lastError, cause, isRetryable, message }) => ({
          ref,
          status: snapshot?.status,
          progress: snapshot?.progress,
          lastError,
          cause,
          isRetryable,
          message
        })),
        ["acme:1", "acme:2"].map((ref) => ({
          ref,
          status: "running" as const,
          progress: 0.3,
          lastError: null,
          cause: undefined,
          isRetryable: true,
          message: `${ref} is still running at the deadline. Wait for the same ref to resume.`
        }))
      )
    })
  )

  it.effect("has the error of the last poll if it failed", () =>
    Effect.gen(function* () {
      const errors = yield* timeOut(working, unreachable)
      assert.deepStrictEqual(
        errors.map(({ snapshot, lastError, message }) => [snapshot?.status, lastError?.reason, message]),
        ["acme:1", "acme:2"].map((ref) => [
          "running",
          unreachable,
          `${ref} is still running at the deadline. Last attempt: the vendor could not be reached: api.acme.example refused the connection. Wait for the same ref to resume.`
        ])
      )
      for (const { cause, lastError } of errors) assert.strictEqual(cause, lastError)
    })
  )

  it.effect("has no snapshot if every poll failed", () =>
    Effect.gen(function* () {
      const errors = yield* timeOut({ response: { status: 404, text: "{}" } }, unreachable)
      assert.deepStrictEqual(
        errors.map(({ snapshot, lastError, message }) => [snapshot, lastError?.reason._tag, message]),
        ["acme:1", "acme:2"].map((ref) => [
          null,
          "Unreachable",
          `${ref} has not been reported by the vendor at the deadline. Last attempt: the vendor could not be reached: api.acme.example refused the connection. Wait for the same ref to resume.`
        ])
      )
    })
  )

  it.effect("has neither a snapshot nor an error if the first poll has not ended", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const fiber = yield* Effect.forkChild(Effect.flip(tasks.wait("acme:1", { timeout: "1 minute" })))
      yield* TestClock.adjust("1 minute")
      const error = yield* Fiber.join(fiber)
      assert.instanceOf(error, StillRunning)
      assert.deepStrictEqual([error.snapshot, error.lastError], [null, null])
      assert.strictEqual(
        error.message,
        "acme:1 has not been reported by the vendor at the deadline. Wait for the same ref to resume."
      )
    }).pipe(
      Effect.provide(
        tasksOver(Layer.succeed(Transport, { send: () => Effect.never, open: () => Effect.never }))
      )
    )
  )
})

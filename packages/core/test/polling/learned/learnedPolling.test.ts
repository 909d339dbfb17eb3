import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import { PollPolicy } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import { account } from "../../support/acme.ts"

/** A task of the simulated vendor. Its age begins at its first poll. */
interface SimulatedTask {
  readonly durationMs: number
  /** From 0 to 1. */
  readonly progress?: (ageMs: number) => number
}

/** A simulated vendor, and the ages at which each of its tasks was polled. */
const simulateVendor = (
  tasks: Readonly<Record<string, SimulatedTask>>,
  pollPolicy: PollPolicy.PollPolicy
) => {
  const startedAt = new Map<string, number>()
  const polledAt: Record<string, Array<number>> = {}
  const transport = Layer.succeed(Transport, {
    send: (request) =>
      Effect.gen(function* () {
        const id = request.url.pathname.slice("/tasks/".length)
        const { durationMs, progress } = tasks[id] ?? { durationMs: 0 }
        const now = yield* Clock.currentTimeMillis
        startedAt.set(id, startedAt.get(id) ?? now)
        const ageMs = now - (startedAt.get(id) ?? now)
        ;(polledAt[id] ??= []).push(ageMs)
        const body =
          ageMs >= durationMs
            ? { status: "done", url: "https://cdn.acme.example/1.png" }
            : { status: "working", ...(progress === undefined ? {} : { progress: 100 * progress(ageMs) }) }
        return { status: 200, headers: {}, text: JSON.stringify(body) }
      }),
    open: () => Effect.die("unexpected download")
  })
  const layer = Layer.provide(Tasks.layerNoTransport({ providers: [account()], pollPolicy }), transport)
  return { layer, polledAt }
}

/** `PollPolicy.learned` without jitter, and the arguments of its calls. */
const recordCalls = (options: PollPolicy.LearnedOptions = {}) => {
  const policy = PollPolicy.learned(options)
  const spans: Array<PollPolicy.ObservedSpan> = []
  const contexts: Array<PollPolicy.PollContext> = []
  return {
    spans,
    contexts,
    policy: {
      next: (context: PollPolicy.PollContext) => {
        contexts.push(context)
        return Math.round(policy.next({ ...context, random: 0.5 }))
      },
      learn: (span: PollPolicy.ObservedSpan) => {
        spans.push(span)
        policy.learn?.({ ...span, random: 0.5 })
      }
    }
  }
}

const waitFor = (id: string) =>
  Tasks.use((tasks) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(tasks.wait(`acme:${id}`))
      yield* TestClock.adjust("5 minutes")
      return yield* Fiber.join(fiber)
    })
  )

describe("a client with the learned policy", () => {
  it.effect("polls at ages at which tasks of the same account have ended", () => {
    const { policy, spans, contexts } = recordCalls()
    const durations = [58_000, 61_000, 60_000, 59_000, 62_000, 60_500]
    const tasks = Object.fromEntries(durations.map((durationMs, index) => [`${index}`, { durationMs }]))
    const { layer, polledAt } = simulateVendor({ ...tasks, last: { durationMs: 60_000 } }, policy)
    return Effect.gen(function* () {
      for (const id of [...Object.keys(tasks), "last"]) yield* waitFor(id)
      // Too few durations are known for the first three tasks.
      assert.isAbove(polledAt["0"]?.length ?? 0, 20)
      assert.deepStrictEqual(polledAt["0"], polledAt["2"]?.slice(0, polledAt["0"]?.length))
      const last = polledAt["last"] ?? []
      assert.isAtMost(last.length, 7)
      assert.isBelow(last.at(-1) ?? 0, 62_000)
      // Another policy that has learned the same spans returns the same delays.
      const other = PollPolicy.learned()
      for (const span of spans.slice(0, durations.length)) other.learn?.({ ...span, random: 0.5 })
      const expected = [0]
      for (const context of contexts.slice(1 - last.length))
        expected.push((expected.at(-1) ?? 0) + Math.round(other.next({ ...context, random: 0.5 })))
      assert.deepStrictEqual(last, expected)
    }).pipe(Effect.provide(layer))
  })

  it.effect(
    "reports observed spans with the key of the account, but none of a task that had already ended",
    () => {
      const { policy, spans, contexts } = recordCalls({ fallback: PollPolicy.fixed(10_000) })
      const { layer } = simulateVendor({ quick: { durationMs: 25_000 }, ended: { durationMs: 0 } }, policy)
      return Effect.gen(function* () {
        yield* waitFor("quick")
        yield* waitFor("ended")
        const durationKey = "acme@acme api.acme.example "
        assert.deepStrictEqual(
          spans.map((span) => ({ ...span, random: 0 })),
          [{ durationKey, fromMs: 0, afterMs: 20_000, byMs: 30_000, estimatedTotalMs: undefined, random: 0 }]
        )
        assert.deepStrictEqual(
          contexts.map(({ ageMs, durationKey, estimatedTotalMs }) => ({
            ageMs,
            durationKey,
            estimatedTotalMs
          })),
          [0, 10_000, 20_000].map((ageMs) => ({ ageMs, durationKey, estimatedTotalMs: undefined }))
        )
      }).pipe(Effect.provide(layer))
    }
  )

  it.effect("reports a span without an end if a wait reaches its timeout", () => {
    const { policy, spans } = recordCalls({ fallback: PollPolicy.fixed(10_000) })
    const { layer } = simulateVendor({ slow: { durationMs: 9e9 } }, policy)
    return Tasks.use((tasks) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.flip(tasks.wait("acme:slow", { timeout: "35 seconds" })))
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "StillRunning")
        assert.deepStrictEqual(
          spans.map(({ fromMs, afterMs, byMs }) => ({ fromMs, afterMs, byMs })),
          [{ fromMs: 0, afterMs: 30_000, byMs: undefined }]
        )
      })
    ).pipe(Effect.provide(layer))
  })

  it.effect("estimates the total once, at a progress of 25 %", () => {
    const { policy, spans, contexts } = recordCalls({ fallback: PollPolicy.fixed(10_000) })
    const progress = (ageMs: number): number => Math.min(0.9, ageMs / 80_000)
    const { layer } = simulateVendor({ task: { durationMs: 60_000, progress } }, policy)
    return Effect.gen(function* () {
      yield* waitFor("task")
      assert.deepStrictEqual(
        contexts.map(({ estimatedTotalMs }) => estimatedTotalMs),
        [undefined, undefined, 80_000, 80_000, 80_000, 80_000]
      )
      assert.strictEqual(spans[0]?.estimatedTotalMs, 80_000)
    }).pipe(Effect.provide(layer))
  })

  it.effect("reports no span if the first response has progress but no creation date", () => {
    const { policy, spans, contexts } = recordCalls({ fallback: PollPolicy.fixed(10_000) })
    const { layer } = simulateVendor({ resumed: { durationMs: 20_000, progress: () => 0.6 } }, policy)
    return Effect.gen(function* () {
      yield* waitFor("resumed")
      assert.deepStrictEqual(spans, [])
      assert.deepStrictEqual(
        contexts.map(({ estimatedTotalMs }) => estimatedTotalMs),
        [undefined, undefined]
      )
    }).pipe(Effect.provide(layer))
  })
})

describe("a client whose policy throws in learn", () => {
  it.effect("completes its waits", () => {
    const pollPolicy = {
      next: () => 1000,
      learn: () => {
        throw new Error("learn failed")
      }
    }
    const { layer } = simulateVendor({ quick: { durationMs: 5000 } }, pollPolicy)
    return waitFor("quick").pipe(
      Effect.map(({ status }) => assert.strictEqual(status, "succeeded")),
      Effect.provide(layer)
    )
  })
})

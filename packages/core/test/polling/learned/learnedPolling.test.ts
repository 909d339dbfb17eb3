import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { TestClock } from "effect/testing"
import { PollPolicy } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import { account } from "../../support/acme.ts"

/** A task of the simulated vendor, by its age in milliseconds. */
interface Script {
  readonly duration: number
  readonly progress?: (age: number) => number
}

/** A vendor whose tasks begin when they are first asked about, and when they are asked about after that. */
const vendor = (scripts: Readonly<Record<string, Script>>, policy: PollPolicy.PollPolicy) => {
  const begun = new Map<string, number>()
  const asked: Record<string, Array<number>> = {}
  const transport = Layer.succeed(Transport, {
    send: (request) =>
      Effect.gen(function* () {
        const id = request.url.pathname.slice("/tasks/".length)
        const { duration, progress } = scripts[id] ?? { duration: 0 }
        const now = yield* Clock.currentTimeMillis
        begun.set(id, begun.get(id) ?? now)
        const age = now - (begun.get(id) ?? now)
        ;(asked[id] ??= []).push(age)
        const body =
          age >= duration
            ? { status: "done", url: "https://cdn.acme.example/1.png" }
            : { status: "working", ...(progress === undefined ? {} : { progress: 100 * progress(age) }) }
        return { status: 200, headers: {}, text: JSON.stringify(body) }
      }),
    open: () => Effect.die("nothing is downloaded here")
  })
  const layer = Layer.provide(
    Tasks.layerNoTransport({ providers: [account()], pollPolicy: policy }),
    transport
  )
  return { layer, asked }
}

/** The policy without its jitter, and what it was told. */
const steady = (options: PollPolicy.LearnedOptions = {}) => {
  const policy = PollPolicy.learned(options)
  const told: Array<PollPolicy.ObservedSpan> = []
  const contexts: Array<PollPolicy.PollContext> = []
  return {
    told,
    contexts,
    policy: {
      next: (context: PollPolicy.PollContext) => {
        contexts.push(context)
        return Math.round(policy.next({ ...context, random: 0.5 }))
      },
      learn: (span: PollPolicy.ObservedSpan) => {
        told.push(span)
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

describe("a watch with the learned policy", () => {
  it.effect("asks where past tasks of the account ended", () => {
    const { policy, told, contexts } = steady()
    const lengths = [58_000, 61_000, 60_000, 59_000, 62_000, 60_500]
    const scripts = Object.fromEntries(lengths.map((duration, index) => [`${index}`, { duration }]))
    const { layer, asked } = vendor({ ...scripts, last: { duration: 60_000 } }, policy)
    return Effect.gen(function* () {
      for (const id of [...Object.keys(scripts), "last"]) yield* waitFor(id)
      // The first three as any task.
      assert.isAbove(asked["0"]?.length ?? 0, 20)
      assert.deepStrictEqual(asked["0"], asked["2"]?.slice(0, asked["0"]?.length))
      const last = asked["last"] ?? []
      assert.isAtMost(last.length, 7)
      assert.isBelow(last.at(-1) ?? 0, 62_000)
      // Each wait is the one that the same knowledge gives.
      const informed = PollPolicy.learned()
      for (const span of told.slice(0, lengths.length)) informed.learn?.({ ...span, random: 0.5 })
      const expected = [0]
      for (const context of contexts.slice(1 - last.length))
        expected.push((expected.at(-1) ?? 0) + Math.round(informed.next({ ...context, random: 0.5 })))
      assert.deepStrictEqual(last, expected)
    }).pipe(Effect.provide(layer))
  })

  it.effect("tells the policy what it found out, in the group of the account", () => {
    const { policy, told, contexts } = steady({ fallback: PollPolicy.fixed(10_000) })
    const { layer } = vendor({ quick: { duration: 25_000 }, ended: { duration: 0 } }, policy)
    return Effect.gen(function* () {
      yield* waitFor("quick")
      yield* waitFor("ended")
      const group = "acme@acme api.acme.example "
      assert.deepStrictEqual(
        told.map((span) => ({ ...span, random: 0 })),
        [{ group, from: 0, after: 20_000, by: 30_000, estimatedTotal: undefined, random: 0 }]
      )
      assert.deepStrictEqual(
        contexts.map(({ age, group, estimatedTotal: reckoned }) => ({ age, group, reckoned })),
        [0, 10_000, 20_000].map((age) => ({ age, group, reckoned: undefined }))
      )
    }).pipe(Effect.provide(layer))
  })

  it.effect("tells it of a wait that was given up: the task ran at least until the last answer", () => {
    const { policy, told } = steady({ fallback: PollPolicy.fixed(10_000) })
    const { layer } = vendor({ slow: { duration: 9e9 } }, policy)
    return Tasks.use((tasks) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.flip(tasks.wait("acme:slow", { timeout: "35 seconds" })))
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "StillRunning")
        assert.deepStrictEqual(
          told.map(({ from, after, by }) => ({ from, after, by })),
          [{ from: 0, after: 30_000, by: undefined }]
        )
      })
    ).pipe(Effect.provide(layer))
  })

  it.effect("reckons the end from progress once, when a quarter is done", () => {
    const { policy, told, contexts } = steady({ fallback: PollPolicy.fixed(10_000) })
    const progress = (age: number): number => Math.min(0.9, age / 80_000)
    const { layer } = vendor({ told: { duration: 60_000, progress } }, policy)
    return Effect.gen(function* () {
      yield* waitFor("told")
      assert.deepStrictEqual(
        contexts.map(({ estimatedTotal: reckoned }) => reckoned),
        [undefined, undefined, 80_000, 80_000, 80_000, 80_000]
      )
      assert.strictEqual(told[0]?.estimatedTotal, 80_000)
    }).pipe(Effect.provide(layer))
  })

  it.effect(
    "learns nothing of a task that is far on when it is first asked about, created nobody knows when",
    () => {
      const { policy, told, contexts } = steady({ fallback: PollPolicy.fixed(10_000) })
      const { layer } = vendor({ resumed: { duration: 20_000, progress: () => 0.6 } }, policy)
      return Effect.gen(function* () {
        yield* waitFor("resumed")
        assert.deepStrictEqual(told, [])
        assert.deepStrictEqual(
          contexts.map(({ estimatedTotal: reckoned }) => reckoned),
          [undefined, undefined]
        )
      }).pipe(Effect.provide(layer))
    }
  )

  it.effect("is not disturbed by a policy that cannot learn", () => {
    const policy = {
      next: () => 1000,
      learn: () => {
        throw new Error("I have had enough")
      }
    }
    const { layer } = vendor({ quick: { duration: 5000 } }, policy)
    return waitFor("quick").pipe(
      Effect.map(({ status }) => assert.strictEqual(status, "succeeded")),
      Effect.provide(layer)
    )
  })
})

/** The documented maximum number of active tasks. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { expect, it } from "@effect/vitest"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import { configureAccount } from "../../src/provider/ProviderAccount.ts"
import type { ProviderSpec } from "../../src/provider/ProviderSpec.ts"
import { accepted } from "../../src/provider/SubmitOutcome.ts"
import { AccountSubmitter } from "../../src/submit/AccountSubmitter.ts"
import type { TaskStatus } from "../../src/task/TaskStatus.ts"
import { acme } from "../support/acme.ts"
import { makeSnapshot } from "../support/snapshot.ts"

const spec: ProviderSpec = {
  ...acme,
  submit: {
    supportedInputs: () => [],
    toInput: () => ({}),
    request: () => ({ method: "POST", path: "/tasks" }),
    response: acme.query.response,
    decode: () => accepted({ id: "1" }),
    maxActiveTasks: () => 2
  }
}

/** Creates a submitter. `query` returns the status of a task. */
const makeSubmitter = (query: (ref: string) => TaskStatus = () => "running") => {
  const account = resolveAccount(configureAccount(spec, { apiKey: "sk-acme-secret" }))
  const queried: Array<string> = []
  const submitter: AccountSubmitter = new AccountSubmitter({ account, sender: undefined } as never, {
    transport: undefined as never,
    limits: { timeoutMs: 1000, maxBytes: 1000 },
    scheduler: { now: () => 0, fork: undefined as never },
    clock: {},
    query: (ref) =>
      Effect.sync(() => {
        queried.push(ref)
        const snapshot = makeSnapshot({ ref, status: query(ref) })
        submitter.observe(snapshot)
        return snapshot
      })
  })
  return { submitter, queried }
}

/** Takes places, and returns when each was free. */
const takePlaces = (submitter: AccountSubmitter, count: number) => {
  const times: Array<number> = []
  const take = Effect.andThen(
    submitter.reserve,
    Effect.tap(Clock.currentTimeMillis, (now) => Effect.sync(() => times.push(now)))
  )
  const all = Effect.forEach(Array.from({ length: count }), () => take, { concurrency: "unbounded" })
  return Effect.as(Effect.forkChild(all), times)
}

it.effect(
  "lets as many submits start as there may be active tasks, also if they start at the same time",
  () =>
    Effect.gen(function* () {
      const { submitter } = makeSubmitter()
      const times = yield* takePlaces(submitter, 5)
      yield* TestClock.adjust("1 minute")
      expect(times).toEqual([0, 0])
    })
)

it.effect("lets the next submit start when one has left its place without a task", () =>
  Effect.gen(function* () {
    const { submitter } = makeSubmitter()
    const leave = yield* submitter.reserve
    const times = yield* takePlaces(submitter, 2)
    yield* TestClock.adjust("1 second")
    expect(times).toEqual([0])
    leave()
    leave()
    yield* TestClock.adjust("1 second")
    expect(times).toEqual([0, 1000])
  })
)

it.effect("lets the next submit start when a task has ended", () =>
  Effect.gen(function* () {
    const { submitter } = makeSubmitter()
    submitter.add(["acme:1", "acme:2"])
    const times = yield* takePlaces(submitter, 1)
    yield* TestClock.adjust("1 second")
    submitter.observe(makeSnapshot({ ref: "acme:1", status: "running" }))
    submitter.observe(makeSnapshot({ ref: "acme:3", status: "succeeded" }))
    yield* TestClock.adjust("1 second")
    expect(times).toEqual([])
    submitter.observe(makeSnapshot({ ref: "acme:1", status: "failed" }))
    yield* TestClock.adjust("1 second")
    expect(times).toEqual([2000])
  })
)

it.effect("queries the active tasks of submits that nothing waits for", () =>
  Effect.gen(function* () {
    const { submitter, queried } = makeSubmitter((ref) => (ref === "acme:2" ? "succeeded" : "running"))
    submitter.add(["acme:1", "acme:2"])
    const times = yield* takePlaces(submitter, 1)
    yield* TestClock.adjust("1 minute")
    expect(times).toEqual([15_000])
    expect(queried).toEqual(["acme:1", "acme:2"])
  })
)

it.effect("lets the vendor decide after half an hour", () =>
  Effect.gen(function* () {
    const { submitter } = makeSubmitter()
    submitter.add(["acme:1", "acme:2"])
    const times = yield* takePlaces(submitter, 1)
    yield* TestClock.adjust("1 hour")
    expect(times).toEqual([30 * 60_000])
  })
)

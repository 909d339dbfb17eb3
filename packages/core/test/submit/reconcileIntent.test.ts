/** What reconciling finds out, from a vendor's list of tasks and from the ledger. */
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { expect, it } from "@effect/vitest"
import { memoryLedger } from "@gentask/core"
import type { Ledger } from "@gentask/core"
import { resolveAccount } from "../../src/account/resolveAccount.ts"
import type { Intent } from "../../src/ledger/Ledger.ts"
import { configureAccount } from "../../src/provider/ProviderAccount.ts"
import type { ListedTask, RecoverOutcome } from "../../src/provider/RecoverOperation.ts"
import { reconcileIntent } from "../../src/submit/reconcileIntent.ts"
import type { SubmitContext } from "../../src/submit/SubmitContext.ts"
import { acme } from "../support/acme.ts"
import { makeIntent } from "../support/intent.ts"
import { makeSnapshot } from "../support/snapshot.ts"

const createdAt = new Date("2026-01-01T12:00:00Z")
const unknown: Partial<Intent> = {
  state: "unknown",
  settledAt: new Date("2026-01-01T12:00:10Z"),
  attempts: 1,
  createdAt
}
const task = (id: string, fields: Partial<ListedTask> = {}): ListedTask => ({
  id,
  prompt: "A fox",
  model: "acme-1",
  createdAt: "2026-01-01T12:00:05Z",
  ...fields
})
const listed = (tasks: ReadonlyArray<ListedTask>, isComplete = true): RecoverOutcome => ({
  _tag: "Tasks",
  tasks,
  isComplete
})

interface Options {
  readonly list?: RecoverOutcome
  /** When the intent is reconciled, in minutes after it was recorded. */
  readonly minutes?: number
  readonly isSubmitting?: boolean
  readonly ledger?: Ledger
}

/** Reconciles an intent. `states` are those that were recorded. */
const reconcile = (fields: Partial<Intent>, options: Options = {}) =>
  Effect.gen(function* () {
    const { list, minutes = 60, isSubmitting = false, ledger = memoryLedger() } = options
    yield* TestClock.setTime(createdAt.getTime() + minutes * 60_000)
    const account = resolveAccount(
      configureAccount(
        {
          ...acme,
          ...(list && {
            recover: {
              request: () => ({ method: "GET", path: "/tasks" }),
              response: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
              decode: () => list
            }
          })
        },
        { apiKey: "sk-acme-secret" }
      )
    )
    const intent = makeIntent({ createdAt, ...fields })
    yield* Effect.promise(() => ledger.begin(intent))
    const context: SubmitContext = {
      account,
      ledger,
      exchange: {
        encode: () => Effect.die("nothing must be submitted"),
        send: () =>
          Effect.succeed({ status: 200, headers: {}, text: "{}", at: createdAt.getTime(), secrets: "sk" }),
        sendUncredentialed: () => Effect.die("nothing must be uploaded")
      },
      taskEnd: Effect.never,
      aborted: Effect.never,
      random: () => 0,
      owner: "owner",
      isSubmitting: () => isSubmitting
    }
    const { result, refs, message } = yield* reconcileIntent(context, ledger, intent)
    const recorded = yield* Effect.promise(() => ledger.intent(intent.id))
    return { result, refs, message, state: recorded?.state, recorded }
  })

it.effect("accepts the only task with the same prompt, model and time", () =>
  Effect.gen(function* () {
    const list = listed([task("1"), task("2", { prompt: "A cat" })])
    expect(yield* reconcile(unknown, { list })).toMatchObject({
      result: "accepted",
      refs: ["acme:1"],
      state: "accepted",
      recorded: { refs: ["acme:1"] }
    })
  })
)

it.effect("picks none of two tasks, and records nothing", () =>
  Effect.gen(function* () {
    const list = listed([task("1"), task("2")])
    expect(yield* reconcile(unknown, { list })).toMatchObject({
      result: "ambiguous",
      refs: ["acme:1", "acme:2"],
      state: "pending"
    })
  })
)

it.effect("picks no task that may be that of another submit without an outcome", () =>
  Effect.gen(function* () {
    const ledger = memoryLedger()
    const rival = makeIntent({ digest: "1".repeat(64), createdAt })
    yield* Effect.promise(() => ledger.begin(rival))
    const list = listed([task("1")])
    const result = yield* reconcile(unknown, { list, ledger })
    expect(result).toMatchObject({ result: "ambiguous", refs: ["acme:1"], state: "pending" })
    expect(result.message).toContain(rival.id)
  })
)

it.effect("picks a task although another submit without an outcome had the same request", () =>
  Effect.gen(function* () {
    const ledger = memoryLedger()
    yield* Effect.promise(async () => {
      await ledger.begin(makeIntent({ createdAt }))
      await ledger.begin(makeIntent({ createdAt, digest: "1".repeat(64), prompt: "A cat" }))
    })
    const list = listed([task("1")])
    expect(yield* reconcile(unknown, { list, ledger })).toMatchObject({
      result: "accepted",
      refs: ["acme:1"]
    })
  })
)

it.effect("leaves out tasks of other intents", () =>
  Effect.gen(function* () {
    const ledger = memoryLedger()
    const other = makeIntent()
    yield* Effect.promise(async () => {
      await ledger.begin(other)
      await ledger.settle(other.id, { state: "accepted", tasks: [makeSnapshot()], attempts: 1 })
    })
    const list = listed([task("1"), task("2")])
    expect(yield* reconcile(unknown, { list, ledger })).toMatchObject({
      result: "accepted",
      refs: ["acme:2"]
    })
  })
)

it.effect("does not leave out a task that was only queried", () =>
  Effect.gen(function* () {
    const ledger = memoryLedger()
    yield* Effect.promise(() => ledger.record(makeSnapshot()))
    expect(yield* reconcile(unknown, { list: listed([task("1")]), ledger })).toMatchObject({
      result: "accepted",
      refs: ["acme:1"]
    })
  })
)

it.effect("concludes from a complete list without the task that it does not exist", () =>
  Effect.gen(function* () {
    const list = listed([task("2", { prompt: "A cat" })])
    expect(yield* reconcile(unknown, { list, minutes: 13 })).toMatchObject({
      result: "no-task",
      refs: [],
      state: "rejected"
    })
  })
)

it.effect.each<[string, Options]>([
  ["before a relay may have created the task", { list: listed([]), minutes: 12 }],
  ["from a list that is not complete", { list: listed([], false) }],
  ["from a list with a task of unknown time", { list: listed([task("1", { createdAt: null })]) }],
  ["from a list with a task without texts", { list: listed([task("1", { prompt: null, model: null })]) }],
  ["from an error of the vendor", { list: { _tag: "Error", reason: { _tag: "Unauthorized" } } }],
  ["from a vendor without a list", {}]
])("concludes nothing %s", ([, options]) =>
  Effect.gen(function* () {
    const { result, state } = yield* reconcile(unknown, options)
    expect([result, state]).toEqual(["unknown", "pending"])
  })
)

it.effect.each<[string, Options, string]>([
  ["a list without the task", { list: listed([], false) }, "The vendor's list has no task with"],
  ["a vendor without a list", {}, "Acme has no documented way to find the task."]
])("says what to do after %s", ([, options, expected]) =>
  Effect.gen(function* () {
    const { message } = yield* reconcile(unknown, options)
    expect(message).toContain(expected)
    expect(message).toMatch(/console: the model \S+, submitted at [\dT:.-]+Z\.$/)
  })
)

it.effect("records that the outcome is unknown if the process that submitted is dead", () =>
  Effect.gen(function* () {
    expect(yield* reconcile({ state: "pending" })).toMatchObject({
      result: "unknown",
      state: "unknown",
      recorded: { error: { code: "UNSETTLED" }, attempts: 1 }
    })
  })
)

it.effect("does not reject a submit because a list directly after a crash lacks its task", () =>
  Effect.gen(function* () {
    expect(yield* reconcile({ state: "pending" }, { list: listed([]) })).toMatchObject({
      result: "unknown",
      state: "unknown"
    })
  })
)

it.effect("leaves a submit that has not ended alone", () =>
  Effect.gen(function* () {
    const list = listed([task("1")])
    expect(yield* reconcile({ state: "pending" }, { list, isSubmitting: true })).toMatchObject({
      result: "in-progress",
      state: "pending"
    })
  })
)

it.effect("sends no request to another host than that of the submit", () =>
  Effect.gen(function* () {
    const list = listed([task("1")])
    const { result, message } = yield* reconcile({ ...unknown, origin: "https://old.example" }, { list })
    expect(result).toBe("unknown")
    expect(message).toContain("Set its base URL back")
  })
)

it.effect("sends nothing again when the vendor may have forgotten the key", () =>
  Effect.gen(function* () {
    expect(yield* reconcile({ ...unknown, canReplay: true }, { minutes: 11 })).toMatchObject({
      result: "unknown"
    })
  })
)

it.effect("returns the task although the ledger cannot record it", () =>
  Effect.gen(function* () {
    const ledger = { ...memoryLedger(), settle: () => Promise.reject(new Error("the disk is full")) }
    expect(yield* reconcile(unknown, { list: listed([task("1")]), ledger })).toMatchObject({
      result: "accepted",
      refs: ["acme:1"],
      message: "The task was found, but the ledger could not record it: the disk is full"
    })
  })
)

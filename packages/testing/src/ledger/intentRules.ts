import type { Intent } from "@gentask/core"
import { expectEqual, expectRejection } from "./LedgerCheck.ts"
import type { LedgerRule } from "./LedgerCheck.ts"
import { disconnection, makeIntent, makeSnapshot, rejection } from "./ledgerRecords.ts"

const pending = { state: "pending", refs: [], error: null, attempts: 0, settledAt: null } as const

const withoutTime = (intent: Intent | undefined): unknown => intent && { ...intent, settledAt: null }

/** What `begin`, `settle`, `intent` and `intents` must do. */
export const intentRules: ReadonlyArray<LedgerRule> = [
  [
    "begin records an intent with all its fields",
    async (ledger) => {
      const intent = makeIntent({
        prompt: "Quotes \"'`, 一只猫, 😀, a tab\t, a line break\n and %_*",
        input: { nested: [{ text: "\u0000\ud800" }, 1.5, null, true], "a.b": {} },
        files: [{ path: "images.0", name: "猫.png", mediaType: "image/png", size: 3, sha256: "ab" }],
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      })
      expectEqual(
        await ledger.begin(intent),
        { isNew: true, intent: { ...intent, ...pending } },
        "The result of begin"
      )
      expectEqual(await ledger.intent(intent.id), { ...intent, ...pending }, "The recorded intent")
    }
  ],
  [
    "begin returns the recorded intent if the account has one with the same key",
    async (ledger) => {
      const first = makeIntent({ idempotencyKey: "key" })
      await ledger.begin(first)
      const again = await ledger.begin(makeIntent({ idempotencyKey: "key", digest: "other", model: "other" }))
      expectEqual(again, { isNew: false, intent: { ...first, ...pending } }, "The result of begin")
      expectEqual((await ledger.intents()).length, 1, "The number of intents")
    }
  ],
  [
    "begin returns the outcome of the recorded intent",
    async (ledger) => {
      const intent = makeIntent()
      await ledger.begin(intent)
      await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot()], attempts: 1 })
      const { isNew, intent: recorded } = await ledger.begin({ ...intent, id: makeIntent().id })
      expectEqual(
        { isNew, state: recorded.state, refs: recorded.refs },
        { isNew: false, state: "accepted", refs: ["acme:1"] },
        "The result of begin"
      )
    }
  ],
  [
    "begin replaces a rejected intent with the same key, and keeps its id",
    async (ledger) => {
      const first = makeIntent({ idempotencyKey: "key" })
      await ledger.begin(first)
      await ledger.settle(first.id, { state: "rejected", error: rejection, attempts: 2 })
      const second = makeIntent({ idempotencyKey: "key", digest: "other", model: "other", canReplay: false })
      const replaced = { ...second, id: first.id, ...pending }
      expectEqual(await ledger.begin(second), { isNew: true, intent: replaced }, "The result of begin")
      expectEqual(await ledger.intentByKey("acme", "key"), replaced, "The intent with the key")
      expectEqual((await ledger.intents()).length, 1, "The number of intents")
    }
  ],
  [
    "intentByKey returns the intent of one account, or undefined",
    async (ledger) => {
      const intent = makeIntent({ idempotencyKey: "key" })
      await ledger.begin(intent)
      expectEqual(await ledger.intentByKey("acme", "key"), { ...intent, ...pending }, "The intent")
      expectEqual(await ledger.intentByKey("acme@other", "key"), undefined, "The intent of another account")
    }
  ],
  [
    "two accounts may use the same key",
    async (ledger) => {
      await ledger.begin(makeIntent({ idempotencyKey: "key" }))
      const { isNew } = await ledger.begin(makeIntent({ idempotencyKey: "key", account: "acme@other" }))
      expectEqual(isNew, true, "isNew")
    }
  ],
  [
    "exactly one of many concurrent calls of begin with one key is new",
    async (ledger) => {
      const results = await Promise.all(
        Array.from({ length: 20 }, () => ledger.begin(makeIntent({ idempotencyKey: "key" })))
      )
      const winner = results.find(({ isNew }) => isNew)
      expectEqual(results.filter(({ isNew }) => isNew).length, 1, "The number of new intents")
      expectEqual(
        results.map(({ intent }) => intent.id),
        results.map(() => winner?.intent.id),
        "The ids of the returned intents"
      )
    }
  ],
  [
    "settle records the outcome and all tasks of an accepted intent",
    async (ledger) => {
      const intent = makeIntent()
      await ledger.begin(intent)
      const before = Date.now()
      const tasks = [makeSnapshot({ ref: "acme:1" }), makeSnapshot({ ref: "acme:2", id: "2" })]
      await ledger.settle(intent.id, { state: "accepted", tasks, attempts: 2 })
      const recorded = await ledger.intent(intent.id)
      const expected = { ...intent, ...pending, state: "accepted", refs: ["acme:1", "acme:2"], attempts: 2 }
      expectEqual(withoutTime(recorded), expected, "The recorded intent")
      const settledAt = recorded?.settledAt?.getTime() ?? 0
      expectEqual(
        settledAt >= before && settledAt <= Date.now(),
        true,
        "Whether settledAt is the current time"
      )
      for (const ref of ["acme:1", "acme:2"])
        expectEqual((await ledger.intent(ref))?.id, intent.id, `The id of the intent of ${ref}`)
    }
  ],
  [
    "settle records why an intent was rejected or is unknown",
    async (ledger) => {
      for (const outcome of [
        { state: "rejected", error: rejection, attempts: 1 },
        { state: "unknown", error: disconnection, attempts: 3 }
      ] as const) {
        const intent = makeIntent()
        await ledger.begin(intent)
        await ledger.settle(intent.id, outcome)
        expectEqual(
          withoutTime(await ledger.intent(intent.id)),
          { ...intent, ...pending, ...outcome },
          "The recorded intent"
        )
      }
    }
  ],
  [
    "an unknown intent can be settled later",
    async (ledger) => {
      const intent = makeIntent()
      await ledger.begin(intent)
      await ledger.settle(intent.id, { state: "unknown", error: disconnection, attempts: 1 })
      await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot()], attempts: 2 })
      const { state, error, refs } = (await ledger.intent(intent.id)) ?? {}
      expectEqual({ state, error, refs }, { state: "accepted", error: null, refs: ["acme:1"] }, "The intent")
    }
  ],
  [
    "an accepted intent keeps its outcome",
    async (ledger) => {
      const intent = makeIntent()
      await ledger.begin(intent)
      await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot()], attempts: 1 })
      const accepted = await ledger.intent(intent.id)
      await ledger.settle(intent.id, { state: "unknown", error: disconnection, attempts: 2 })
      expectEqual(await ledger.intent(intent.id), accepted, "The intent after an unknown outcome")
      await ledger.settle(intent.id, {
        state: "accepted",
        tasks: [makeSnapshot({ ref: "acme:2" })],
        attempts: 3
      })
      expectEqual(await ledger.intent(intent.id), accepted, "The intent after another task")
    }
  ],
  [
    "settle rejects if the intent is unknown to the ledger",
    async (ledger) => {
      const outcome = { state: "rejected", error: rejection, attempts: 1 } as const
      await expectRejection(ledger.settle(makeIntent().id, outcome), "settle")
    }
  ],
  [
    "intent returns undefined for an unknown id or ref",
    async (ledger) => {
      await ledger.record(makeSnapshot())
      for (const idOrRef of [makeIntent().id, "acme:1", "acme:2", "", "'; drop table intents --"])
        expectEqual(await ledger.intent(idOrRef), undefined, `The intent of ${JSON.stringify(idOrRef)}`)
    }
  ],
  [
    "intents returns the newest first, and filters by state and account",
    async (ledger) => {
      // The clock was set back between them.
      const first = makeIntent({ createdAt: new Date("2026-01-02T00:00:00Z") })
      const second = makeIntent({ account: "acme@other", createdAt: new Date("2026-01-01T00:00:00Z") })
      const third = makeIntent()
      for (const intent of [first, second, third]) await ledger.begin(intent)
      await ledger.settle(second.id, { state: "unknown", error: disconnection, attempts: 1 })
      await ledger.settle(third.id, { state: "rejected", error: rejection, attempts: 1 })
      const ids = async (...filter: Parameters<typeof ledger.intents>) =>
        (await ledger.intents(...filter)).map(({ id }) => id)
      expectEqual(await ids(), [third.id, second.id, first.id], "All intents")
      expectEqual(await ids({ account: "acme" }), [third.id, first.id], "The intents of acme")
      expectEqual(
        await ids({ states: ["pending", "unknown"] }),
        [second.id, first.id],
        "The intents without a known outcome"
      )
      expectEqual(
        await ids({ states: ["rejected", "unknown"], account: "acme@other" }),
        [second.id],
        "The rejected and unknown intents of acme@other"
      )
      expectEqual(await ids({ states: [] }), [], "The intents in no state")
    }
  ]
]

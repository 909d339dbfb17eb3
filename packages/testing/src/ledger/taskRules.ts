import type { SavedFile, TaskStatus } from "@gentask/core"
import { expectEqual, expectRejection } from "./LedgerCheck.ts"
import type { LedgerRule } from "./LedgerCheck.ts"
import { disconnection, makeIntent, makeSnapshot, rejection } from "./ledgerRecords.ts"

const terminal: ReadonlyArray<TaskStatus> = ["succeeded", "failed", "canceled", "expired"]
const active: ReadonlyArray<TaskStatus> = ["queued", "running", "unknown"]

const savedFile: SavedFile = {
  path: "/out/acme_1.png",
  bytes: 3,
  sha256: "ab",
  mediaType: "image/png",
  output: {
    kind: "image",
    role: "result",
    url: "https://files.example.com/a.png",
    inline: null,
    mediaType: null,
    width: null,
    height: null,
    expiresAt: null
  },
  alreadySaved: false
}

/** What `record`, `recordSaved`, the counts and `close` must do. */
export const taskRules: ReadonlyArray<LedgerRule> = [
  [
    "countActive counts tasks that have not ended",
    async (ledger) => {
      for (const status of [...terminal, ...active])
        await ledger.record(makeSnapshot({ ref: `acme:${status}`, id: status, status }))
      expectEqual(await ledger.countActive("acme"), active.length, "The number of active tasks")
    }
  ],
  [
    "countActive counts the tasks of one account",
    async (ledger) => {
      await ledger.record(makeSnapshot({ ref: "acme:1" }))
      await ledger.record(makeSnapshot({ ref: "acme@other:1", account: "other" }))
      await ledger.record(makeSnapshot({ ref: "acme@other:2", account: "other" }))
      const counts = [await ledger.countActive("acme"), await ledger.countActive("acme@other")]
      expectEqual(counts, [1, 2], "The numbers of active tasks of acme and acme@other")
      expectEqual(await ledger.countActive("other"), 0, "The number of active tasks of an unknown account")
    }
  ],
  [
    "a task is recorded once",
    async (ledger) => {
      const intent = makeIntent()
      await ledger.begin(intent)
      await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot()], attempts: 1 })
      await ledger.record(makeSnapshot())
      await ledger.record(makeSnapshot({ status: "running" }))
      expectEqual(await ledger.countActive("acme"), 1, "The number of active tasks")
    }
  ],
  [
    "a task that has ended does not become active again",
    async (ledger) => {
      for (const status of terminal) {
        await ledger.record(makeSnapshot({ status }))
        for (const late of active) {
          await ledger.record(makeSnapshot({ status: late }))
          const count = await ledger.countActive("acme")
          expectEqual(count, 0, `The number of active tasks after ${status} and ${late}`)
        }
      }
    }
  ],
  [
    "a task that has ended does not become active again when its intent is settled",
    async (ledger) => {
      const intent = makeIntent()
      await ledger.begin(intent)
      await ledger.record(makeSnapshot({ status: "succeeded" }))
      await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot()], attempts: 1 })
      expectEqual(await ledger.countActive("acme"), 0, "The number of active tasks")
      expectEqual((await ledger.intent("acme:1"))?.id, intent.id, "The id of the task's intent")
    }
  ],
  [
    "a task belongs to the first intent that was accepted with it",
    async (ledger) => {
      const intents = [makeIntent(), makeIntent()]
      for (const intent of intents) {
        await ledger.begin(intent)
        await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot()], attempts: 1 })
      }
      expectEqual((await ledger.intent("acme:1"))?.id, intents[0]?.id, "The id of the task's intent")
      expectEqual(
        (await ledger.intent(intents[1]?.id ?? ""))?.refs,
        ["acme:1"],
        "The refs of the second intent"
      )
    }
  ],
  [
    "snapshot returns the last recorded snapshot of a task",
    async (ledger) => {
      const intent = makeIntent()
      await ledger.begin(intent)
      const done = makeSnapshot({ status: "succeeded", outputs: [savedFile.output] })
      await ledger.settle(intent.id, { state: "accepted", tasks: [done], attempts: 1 })
      await ledger.record(makeSnapshot({ ref: "acme:2", id: "2", status: "running" }))
      expectEqual((await ledger.snapshot("acme:1"))?.outputs, done.outputs, "The recorded outputs")
      expectEqual((await ledger.snapshot("acme:2"))?.status, "running", "The recorded status")
      expectEqual(await ledger.snapshot("acme:3"), undefined, "The snapshot of an unknown task")
    }
  ],
  [
    "recordSaved adds a task that is missing",
    async (ledger) => {
      await ledger.recordSaved("acme@other:1", [savedFile])
      await ledger.recordSaved("acme@other:1", [savedFile])
      await ledger.record(makeSnapshot({ ref: "acme@other:1", account: "other", status: "succeeded" }))
      expectEqual(await ledger.countActive("acme@other"), 0, "The number of active tasks")
    }
  ],
  [
    "countSubmits counts the intents since a time that were not rejected",
    async (ledger) => {
      const times = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"]
      for (const account of ["acme", "acme@other"]) {
        for (const time of times) {
          const at = new Date(time)
          const [rejected, unknown] = [
            makeIntent({ account, createdAt: at }),
            makeIntent({ account, createdAt: at })
          ]
          for (const intent of [rejected, unknown, makeIntent({ account, createdAt: at })])
            await ledger.begin(intent)
          await ledger.settle(rejected.id, { state: "rejected", error: rejection, attempts: 1 })
          await ledger.settle(unknown.id, { state: "unknown", error: disconnection, attempts: 1 })
        }
      }
      const counts = await Promise.all(times.map((time) => ledger.countSubmits(new Date(time))))
      expectEqual(counts, [12, 8, 4], "The numbers of submits since each day")
      expectEqual(
        await ledger.countSubmits(new Date("2026-01-04T00:00:00Z")),
        0,
        "The number of later submits"
      )
    }
  ],
  [
    "every method rejects after close, which may be called again",
    async (ledger) => {
      await ledger.close()
      await ledger.close()
      const intent = makeIntent()
      await expectRejection(ledger.begin(intent), "begin")
      await expectRejection(
        ledger.settle(intent.id, { state: "rejected", error: rejection, attempts: 1 }),
        "settle"
      )
      await expectRejection(ledger.intent(intent.id), "intent")
      await expectRejection(ledger.intents(), "intents")
      await expectRejection(ledger.record(makeSnapshot()), "record")
      await expectRejection(ledger.snapshot("acme:1"), "snapshot")
      await expectRejection(ledger.recordSaved("acme:1", [savedFile]), "recordSaved")
      await expectRejection(ledger.countActive("acme"), "countActive")
      await expectRejection(ledger.countSubmits(new Date()), "countSubmits")
    }
  ]
]

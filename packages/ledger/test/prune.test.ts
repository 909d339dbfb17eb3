import { join } from "node:path"
import { afterAll, afterEach, describe, expect, it, vi } from "vitest"
import type { TaskStatus } from "@gentask/core"
import { openLedger } from "@gentask/ledger"
import type { SqliteLedger } from "@gentask/ledger"
import { checkIntegrity } from "./support/checkIntegrity.ts"
import { newFolder, removeFolders } from "./support/folders.ts"
import { makeFile, makeIntent, makeSnapshot } from "./support/records.ts"

afterEach(() => vi.useRealTimers())
afterAll(removeFolders)

const open = (): Promise<SqliteLedger> => openLedger({ path: join(newFolder(), "ledger.db") })

const error = { _tag: "Unreachable", message: "read ECONNRESET" } as const

const submit = async (ledger: SqliteLedger, id: string, status: TaskStatus) => {
  const intent = makeIntent({ idempotencyKey: id })
  await ledger.begin(intent)
  await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot(id, { status })], attempts: 1 })
  return intent.id
}

const refs = async (ledger: SqliteLedger) => (await ledger.list()).tasks.map(({ ref }) => ref).toSorted()

describe("prune", () => {
  it("deletes old tasks that have ended, and their intents, and keeps everything unresolved", async () => {
    vi.setSystemTime(new Date("2026-01-01T00:00:00Z"))
    await using ledger = await open()
    await submit(ledger, "done", "succeeded")
    await ledger.recordSaved("acme:done", [makeFile("/out/a.png")])
    const active = await submit(ledger, "active", "running")
    const [pending, unknown, rejected] = [makeIntent(), makeIntent(), makeIntent()]
    for (const intent of [pending, unknown, rejected]) await ledger.begin(intent)
    await ledger.settle(unknown.id, { state: "unknown", error, attempts: 1 })
    await ledger.settle(rejected.id, { state: "rejected", error, attempts: 1 })
    vi.setSystemTime(new Date("2027-06-01T00:00:00Z"))
    const recent = await submit(ledger, "recent", "failed")
    expect(await ledger.prune()).toEqual({ tasks: 1, intents: 2 })
    expect(await refs(ledger)).toEqual(["acme:active", "acme:recent"])
    const left = (await ledger.intents()).map(({ id }) => id)
    expect(left.toSorted()).toEqual([active, pending.id, unknown.id, recent].toSorted())
    expect(await ledger.show("acme:done")).toBeUndefined()
    expect((await ledger.list({ search: "done" })).tasks).toEqual([])
    expect(checkIntegrity(ledger.path)).toEqual([])
  })

  it("keeps an intent until its last task is deleted", async () => {
    vi.setSystemTime(new Date("2026-01-01T00:00:00Z"))
    await using ledger = await open()
    const intent = makeIntent()
    const tasks = [makeSnapshot("1", { status: "succeeded" }), makeSnapshot("2")]
    await ledger.begin(intent)
    await ledger.settle(intent.id, { state: "accepted", tasks, attempts: 1 })
    vi.setSystemTime(new Date("2026-01-10T00:00:00Z"))
    expect(await ledger.prune({ olderThan: "1 day" })).toEqual({ tasks: 1, intents: 0 })
    expect((await ledger.intent(intent.id))?.refs).toEqual(["acme:1", "acme:2"])
    await ledger.record(makeSnapshot("2", { status: "failed" }))
    vi.setSystemTime(new Date("2026-01-20T00:00:00Z"))
    expect(await ledger.prune({ olderThan: "1 day" })).toEqual({ tasks: 1, intents: 1 })
  })

  it("keeps tasks that ended less than 365 days ago by default, also when the clock was set back", async () => {
    vi.setSystemTime(new Date("2026-01-01T00:00:00Z"))
    await using ledger = await open()
    await submit(ledger, "1", "succeeded")
    for (const now of ["2026-12-31T00:00:00Z", "2020-01-01T00:00:00Z", "1970-01-01T00:00:00Z"]) {
      vi.setSystemTime(new Date(now))
      expect(await ledger.prune()).toEqual({ tasks: 0, intents: 0 })
    }
  })

  it(
    "deletes more tasks than one transaction, and vacuum shrinks the file",
    { timeout: 60_000 },
    async () => {
      await using ledger = await open()
      const intent = makeIntent()
      const tasks = Array.from({ length: 1200 }, (_, index) =>
        makeSnapshot(String(index), { status: "succeeded", prompt: `${index} ${"x".repeat(300)}` })
      )
      await ledger.begin(intent)
      await ledger.settle(intent.id, { state: "accepted", tasks, attempts: 1 })
      const before = await ledger.info()
      expect(before).toMatchObject({ tasks: 1200, intents: 1 })
      expect(await ledger.prune({ olderThan: 0 })).toEqual({ tasks: 1200, intents: 1 })
      await ledger.vacuum()
      const after = await ledger.info()
      expect(after).toMatchObject({ tasks: 0, intents: 0, freeBytes: 0 })
      expect(after.bytes).toBeLessThan(before.bytes)
      expect(checkIntegrity(ledger.path)).toEqual([])
    }
  )

  it("allows the idempotency key of a deleted intent to be used again", async () => {
    await using ledger = await open()
    await submit(ledger, "1", "succeeded")
    expect((await ledger.begin(makeIntent({ idempotencyKey: "1" }))).isNew).toBe(false)
    expect((await ledger.prune({ olderThan: 0 })).intents).toBe(1)
    expect((await ledger.begin(makeIntent({ idempotencyKey: "1" }))).isNew).toBe(true)
  })
})

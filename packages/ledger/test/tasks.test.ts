import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it, vi } from "vitest"
import type { TaskSnapshot } from "@gentask/core"
import { openLedger } from "@gentask/ledger"
import type { SqliteLedger } from "@gentask/ledger"
import { checkIntegrity } from "./support/checkIntegrity.ts"
import { newFolder, removeFolders } from "./support/folders.ts"
import { makeFile, makeIntent, makeSnapshot } from "./support/records.ts"

afterAll(removeFolders)

const open = (): Promise<SqliteLedger> => openLedger({ path: join(newFolder(), "ledger.db") })

const failure = {
  reason: "moderation",
  code: "E1",
  message: "The prompt was rejected",
  requestId: null,
  canResubmit: false
} as const

const submit = async (ledger: SqliteLedger, id: string, fields: Parameters<typeof makeIntent>[0] = {}) => {
  const intent = makeIntent(fields)
  await ledger.begin(intent)
  await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot(id)], attempts: 1 })
  return intent
}

const eventsOf = async (ledger: SqliteLedger, ref: string) =>
  (await ledger.show(ref))?.events.map(({ id, body }) => [id, body])

describe("record", () => {
  it("records every change of status as an event, and nothing for an unchanged snapshot", async () => {
    await using ledger = await open()
    const running = makeSnapshot("1", { status: "running", rawStatus: "busy" })
    for (const snapshot of [makeSnapshot("1"), makeSnapshot("1"), running, running])
      await ledger.record(snapshot)
    await ledger.record({ ...running, progress: 0.5 })
    await ledger.record(makeSnapshot("1"))
    expect(await eventsOf(ledger, "acme:1")).toEqual([
      ["acme:1/task.status/1", { status: "queued", rawStatus: "waiting" }],
      ["acme:1/task.status/2", { status: "running", rawStatus: "busy" }],
      ["acme:1/task.status/3", { status: "queued", rawStatus: "waiting" }]
    ])
  })

  it("writes nothing to the file for an unchanged snapshot", async () => {
    await using ledger = await open()
    await ledger.record(makeSnapshot("1"))
    const read = () => readFileSync(`${ledger.path}-wal`)
    const before = read()
    for (let count = 0; count < 100; count += 1) await ledger.record(makeSnapshot("1", { raw: { count } }))
    expect(read().equals(before)).toBe(true)
  })

  it("keeps a terminal status and its details when an earlier snapshot is recorded later", async () => {
    await using ledger = await open()
    const failed = makeSnapshot("1", { status: "failed", failure })
    await ledger.record(failed)
    await ledger.record(makeSnapshot("1", { status: "running", progress: 0.9 }))
    const details = await ledger.show("acme:1")
    expect(details?.snapshot).toEqual(failed)
    expect(details?.task).toMatchObject({
      status: "failed",
      failure: { reason: "moderation", message: "The prompt was rejected" }
    })
    expect(details?.task.endedAt).not.toBeNull()
    expect(details?.events).toHaveLength(1)
  })

  it("keeps the times in order of the records when the clock is set back", async () => {
    await using ledger = await open()
    try {
      vi.setSystemTime(new Date("2026-02-01T00:00:00Z"))
      await ledger.record(makeSnapshot("1"))
      vi.setSystemTime(new Date("2026-01-01T00:00:00Z"))
      await ledger.record(makeSnapshot("1", { status: "succeeded" }))
      await ledger.record(makeSnapshot("2"))
    } finally {
      vi.useRealTimers()
    }
    const details = await ledger.show("acme:1")
    expect(details?.task.status).toBe("succeeded")
    expect(details?.events.map(({ at }) => at.getUTCMonth())).toEqual([1, 0])
    expect((await ledger.list()).tasks.map(({ ref }) => ref)).toEqual(["acme:2", "acme:1"])
  })

  it("keeps the model and the prompt of the intent if the vendor reports none", async () => {
    await using ledger = await open()
    await submit(ledger, "1", {
      model: "model-9",
      prompt: "Ein Käfer",
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    })
    await ledger.record(makeSnapshot("1", { status: "running" }))
    expect((await ledger.show("acme:1"))?.task).toMatchObject({
      model: "model-9",
      prompt: "Ein Käfer",
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736"
    })
  })

  it("records the cost if the vendor reports it", async () => {
    await using ledger = await open()
    const snapshot: TaskSnapshot = Object.assign(makeSnapshot("1"), {
      cost: { amount: 2.5, unit: "credits" }
    })
    await ledger.record(snapshot)
    await ledger.record(makeSnapshot("1", { status: "succeeded" }))
    expect((await ledger.show("acme:1"))?.task.cost).toEqual({ amount: 2.5, unit: "credits" })
  })
})

describe("show", () => {
  it("returns the task, its intent, its events and its files", async () => {
    await using ledger = await open()
    const intent = await submit(ledger, "1")
    await ledger.record(makeSnapshot("1", { status: "succeeded" }))
    await ledger.recordSaved("acme:1", [makeFile("/out/b.png"), makeFile("/out/a.png")])
    await ledger.recordSaved("acme:1", [makeFile("/out/a.png", { alreadySaved: true })])
    const details = await ledger.show("acme:1")
    expect(details?.intent?.id).toBe(intent.id)
    expect(details?.task).toMatchObject({ status: "succeeded", intentId: intent.id, fileCount: 2 })
    expect(details?.files.map(({ path }) => path)).toEqual(["/out/a.png", "/out/b.png"])
    expect(details?.events.map(({ id }) => id)).toEqual([
      `${intent.id}/intent.accepted/1`,
      "acme:1/task.status/1",
      "acme:1/task.submitted/1",
      "acme:1/task.status/2",
      "acme:1/task.saved/1",
      "acme:1/task.saved/2"
    ])
  })

  it("returns a file with its new digest after it was saved again with other content", async () => {
    await using ledger = await open()
    await ledger.record(makeSnapshot("1"))
    await ledger.recordSaved("acme:1", [makeFile("/out/a.png")])
    await ledger.recordSaved("acme:1", [makeFile("/out/a.png", { sha256: "b".repeat(64), bytes: 4 })])
    const details = await ledger.show("acme:1")
    expect(details?.files).toMatchObject([{ sha256: "b".repeat(64), bytes: 4 }])
    expect(details?.events.map(({ kind }) => kind)).toEqual(["task.status", "task.saved", "task.saved"])
  })

  it("returns undefined for a task that is not in the ledger", async () => {
    await using ledger = await open()
    expect(await ledger.show("acme:1")).toBeUndefined()
  })

  it("returns the attempts of an intent that was unknown before it was accepted", async () => {
    await using ledger = await open()
    const intent = makeIntent()
    const error = { _tag: "Unreachable", message: "read ECONNRESET" } as const
    await ledger.begin(intent)
    await ledger.settle(intent.id, { state: "unknown", error, attempts: 1 })
    await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot("1")], attempts: 2 })
    expect((await eventsOf(ledger, "acme:1"))?.slice(0, 2)).toEqual([
      [`${intent.id}/intent.unknown/1`, { refs: [], error, attempts: 1 }],
      [`${intent.id}/intent.accepted/1`, { refs: ["acme:1"], error: null, attempts: 2 }]
    ])
  })
})

describe("the file", () => {
  it("contains neither raw responses nor the bytes of inline media, and no option of an account", async () => {
    const ledger = await open()
    const secret = "sk-live-0123456789abcdef"
    const inline = { base64: Buffer.from(secret.repeat(10)).toString("base64"), bytes: 240 }
    const output = { ...makeFile("/out/a.png").output, url: null, inline }
    const snapshot = makeSnapshot("1", { status: "succeeded", outputs: [output], raw: { apiKey: secret } })
    const intent = makeIntent()
    await ledger.begin(intent)
    await ledger.settle(intent.id, { state: "accepted", tasks: [snapshot], attempts: 1 })
    await ledger.record({ ...snapshot, progress: 1 })
    await ledger.recordSaved("acme:1", [makeFile("/out/a.png", { output })])
    const read = () =>
      readdirSync(join(ledger.path, ".."))
        .map((name) => readFileSync(join(ledger.path, "..", name), "latin1"))
        .join("")
    const whileOpen = read()
    await ledger.close()
    for (const content of [whileOpen, read()]) {
      expect(content).toContain(intent.id)
      expect(content).not.toContain(secret)
      expect(content).not.toContain(inline.base64)
    }
  })

  it("has a valid full-text index after every kind of change", async () => {
    const ledger = await open()
    await submit(ledger, "1")
    await submit(ledger, "2")
    await ledger.record(makeSnapshot("1", { status: "failed", failure, prompt: "A blue panda" }))
    await ledger.record(makeSnapshot("2", { status: "succeeded" }))
    await ledger.prune({ olderThan: 0 })
    await ledger.record(makeSnapshot("3", { model: "model-3" }))
    await ledger.close()
    expect(checkIntegrity(ledger.path)).toEqual([])
  })
})

import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, describe, expect, it } from "vitest"
import { DurationStore } from "@gentask/core"
import { openLedger } from "@gentask/ledger"
import type { SqliteLedger } from "@gentask/ledger"
import { newFolder, removeFolders } from "./support/folders.ts"

afterAll(removeFolders)

const ended = (until: number): DurationStore.Durations => ({
  ages: [{ from: 0, until, ended: true }],
  shares: []
})

const untils = ({ durations }: SqliteLedger, key: string): ReadonlyArray<number> =>
  (durations.get(key)?.ages ?? []).map(({ until }) => until)

describe("durations", () => {
  it("returns the same object until new durations are recorded", async () => {
    await using ledger = await openLedger({ path: join(newFolder(), "ledger.db") })
    const { durations } = ledger
    expect(durations.get("a")).toBeUndefined()
    durations.record("a", ended(1))
    const first = durations.get("a")
    expect(durations.get("a")).toBe(first)
    durations.record("a", ended(2))
    expect(durations.get("a")).not.toBe(first)
    expect(untils(ledger, "a")).toEqual([1, 2])
  })

  it("are written when the ledger is closed", async () => {
    const path = join(newFolder(), "ledger.db")
    const ledger = await openLedger({ path })
    ledger.durations.record("a", {
      ages: [{ from: 0, until: 7, ended: true }],
      shares: [{ from: 0.25, until: 0.5, ended: false }]
    })
    await ledger.close()
    await using reopened = await openLedger({ path })
    expect(reopened.durations.get("a")).toEqual({
      ages: [{ from: 0, until: 7, ended: true }],
      shares: [{ from: 0.25, until: 0.5, ended: false }]
    })
  })

  it("of two open ledgers are merged", async () => {
    const path = join(newFolder(), "ledger.db")
    const [first, second] = [await openLedger({ path }), await openLedger({ path })]
    first.durations.record("a", ended(1))
    second.durations.record("a", ended(2))
    await first.close()
    await second.close()
    await using reopened = await openLedger({ path })
    expect(untils(reopened, "a")).toEqual([1, 2])
  })

  it("of the 200 keys that were last recorded to are kept", async () => {
    const path = join(newFolder(), "ledger.db")
    const ledger = await openLedger({ path })
    for (let index = 0; index < 200; index += 1) ledger.durations.record(`key ${index}`, ended(1))
    await ledger.close()
    const second = await openLedger({ path })
    second.durations.record("key 0", ended(2))
    second.durations.record("one more", ended(1))
    await second.close()
    await using reopened = await openLedger({ path })
    expect(untils(reopened, "key 0")).toEqual([1, 2])
    expect(untils(reopened, "key 1")).toEqual([])
    expect(untils(reopened, "key 2")).toEqual([1])
    expect(untils(reopened, "one more")).toEqual([1])
  })

  it("stay in memory while another connection locks the file, and are written later", async () => {
    const path = join(newFolder(), "ledger.db")
    const ledger = await openLedger({ path, busyTimeout: 0 })
    const other = new DatabaseSync(path)
    other.exec("begin immediate")
    ledger.durations.record("a", ended(1))
    expect(untils(ledger, "a")).toEqual([1])
    other.exec("rollback")
    other.close()
    await ledger.close()
    await using reopened = await openLedger({ path })
    expect(untils(reopened, "a")).toEqual([1])
  })
})

describe("the file of earlier versions", () => {
  it("is imported once, and not changed", async () => {
    const folder = newFolder()
    const [path, file] = [join(folder, "ledger.db"), join(folder, "durations.json")]
    const store = await DurationStore.file(file)
    store.record("a", ended(5))
    await store.flush()
    const content = readFileSync(file)
    for (let count = 0; count < 3; count += 1) {
      await using ledger = await openLedger({ path })
      expect(untils(ledger, "a")).toEqual([5])
    }
    await using first = await openLedger({ path })
    first.durations.record("a", ended(6))
    expect(untils(first, "a")).toEqual([5, 6])
    expect(readFileSync(file)).toEqual(content)
  })

  it("is imported once if several ledgers open at the same time", async () => {
    const folder = newFolder()
    const file = join(folder, "elsewhere.json")
    const store = await DurationStore.file(file)
    store.record("a", ended(5))
    await store.flush()
    const ledgers = await Promise.all(
      Array.from({ length: 4 }, () => openLedger({ path: join(folder, "ledger.db"), durationsFile: file }))
    )
    for (const ledger of ledgers) {
      expect(untils(ledger, "a")).toEqual([5])
      await ledger.close()
    }
  })

  it.each([
    ["invalid", "{"],
    ["of a later version", '{ "version": 2, "groups": { "a": { "ages": [[0, 1, 1]] } } }']
  ])("is ignored if it is %s", async (_, content) => {
    const folder = newFolder()
    writeFileSync(join(folder, "durations.json"), content)
    await using ledger = await openLedger({ path: join(folder, "ledger.db") })
    expect(ledger.durations.get("a")).toBeUndefined()
    expect(readFileSync(join(folder, "durations.json"), "utf8")).toBe(content)
  })
})

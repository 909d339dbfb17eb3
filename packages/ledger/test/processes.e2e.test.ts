/** Several processes use one file, and some are killed. */
import { randomInt } from "node:crypto"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { afterAll, describe, expect, it } from "vitest"
import { openLedger } from "@gentask/ledger"
import type { SqliteLedger } from "@gentask/ledger"
import { checkIntegrity } from "./support/checkIntegrity.ts"
import { newFolder, removeFolders } from "./support/folders.ts"
import { makeIntent, makeSnapshot } from "./support/records.ts"
import { startWriter } from "./support/startWriter.ts"
import type { WriterLine } from "./support/startWriter.ts"

afterAll(removeFolders)

const newPath = (): string => join(newFolder(), "ledger.db")

describe("several processes", () => {
  it.each([2, 8])(
    "begin each key once if %i of them begin it at the same time",
    { timeout: 120_000 },
    async (count) => {
      const path = newPath()
      await using stack = new AsyncDisposableStack()
      const writers = Array.from({ length: count }, () => stack.use(startWriter("race", path, "key", "40")))
      // They also create the file at the same time.
      await Promise.all(writers.map((writer) => writer.printed(1)))
      for (const writer of writers) writer.start()
      expect(await Promise.all(writers.map((writer) => writer.end()))).toEqual(writers.map(() => 0))
      const results = writers.flatMap((writer) => writer.lines().slice(1))
      expect(results).toHaveLength(40 * count)
      const byKey = Map.groupBy(results, ({ key }) => key)
      expect(byKey.size).toBe(40)
      for (const sameKey of byKey.values()) {
        expect(sameKey.filter(({ isNew }) => isNew)).toHaveLength(1)
        expect(new Set(sameKey.map(({ id }) => id)).size).toBe(1)
      }
      expect(writers.map((writer) => writer.errors()).join("")).toBe("")
    }
  )
})

/** Checks that the ledger contains everything that killed writers had acknowledged. */
const expectAcknowledged = async (ledger: SqliteLedger, lines: ReadonlyArray<WriterLine>): Promise<void> => {
  for (const { begun, settled, refs } of lines) {
    if (begun !== undefined) expect(await ledger.intent(begun)).toBeDefined()
    if (settled === undefined) continue
    expect(await ledger.intent(settled)).toMatchObject({ state: "accepted", refs })
    for (const ref of refs ?? []) expect((await ledger.intent(ref))?.id).toBe(settled)
  }
}

describe("killed processes", () => {
  it("leave an intact ledger with everything that was acknowledged", { timeout: 240_000 }, async () => {
    const path = newPath()
    const acknowledged: Array<WriterLine> = []
    for (let round = 0; round < 8; round += 1) {
      await using first = startWriter("loop", path, `first-${round}`)
      await using second = startWriter("loop", path, `second-${round}`)
      await Promise.all([first.printed(randomInt(1, 30)), second.printed(randomInt(1, 30))])
      for (const writer of [first, second]) {
        writer.kill()
        await writer.end()
        acknowledged.push(...writer.lines())
      }
      expect(checkIntegrity(path)).toEqual([])
      await using ledger = await openLedger({ path })
      await expectAcknowledged(ledger, acknowledged)
      const halfSettled = (await ledger.intents({ states: ["accepted"] })).filter(
        ({ refs }) => refs.length !== 2
      )
      expect(halfSettled).toEqual([])
    }
    expect(acknowledged.length).toBeGreaterThan(16)
  })

  it("leave a file that can be opened if they were creating it", { timeout: 120_000 }, async () => {
    for (let round = 0; round < 12; round += 1) {
      const path = newPath()
      await using writer = startWriter("open", path)
      await writer.printed(1)
      // Creating a file takes a few milliseconds, so some are killed before, some after, and most meanwhile.
      await setTimeout(randomInt(0, 30))
      writer.kill()
      await writer.end()
      await using ledger = await openLedger({ path })
      expect((await ledger.begin(makeIntent())).isNew).toBe(true)
      await ledger.close()
      expect(checkIntegrity(path)).toEqual([])
    }
  })

  it("do not block other processes", { timeout: 60_000 }, async () => {
    const path = newPath()
    await openLedger({ path }).then((ledger) => ledger.close())
    await using locker = startWriter("lock", path, "", "600000")
    await locker.printed(1)
    await using ledger = await openLedger({ path, busyTimeout: "1 minute" })
    const begun = ledger.begin(makeIntent())
    locker.kill()
    expect(await begun).toMatchObject({ isNew: true })
  })
})

describe("a file that another process locks", () => {
  it(
    "is written when the lock is released, and this process is not blocked meanwhile",
    { timeout: 60_000 },
    async () => {
      const path = newPath()
      await openLedger({ path }).then((ledger) => ledger.close())
      await using locker = startWriter("lock", path, "", "2000")
      await locker.printed(1)
      let ticks = 0
      const timer = setInterval(() => (ticks += 1), 10)
      try {
        await using ledger = await openLedger({ path })
        const intent = makeIntent()
        expect(await ledger.begin(intent)).toMatchObject({ isNew: true })
        await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot("1")], attempts: 1 })
        expect(await ledger.countActive("acme")).toBe(1)
        expect(ticks).toBeGreaterThan(0)
      } finally {
        clearInterval(timer)
      }
      expect(await locker.end()).toBe(0)
    }
  )

  it("can be read", { timeout: 60_000 }, async () => {
    const path = newPath()
    await using ledger = await openLedger({ path, busyTimeout: 0 })
    await ledger.record(makeSnapshot("1"))
    await using locker = startWriter("lock", path, "", "600000")
    await locker.printed(1)
    expect((await ledger.list()).tasks).toHaveLength(1)
    await using other = await openLedger({ path, busyTimeout: 0 })
    expect((await other.show("acme:1"))?.task.status).toBe("queued")
    // No news, so nothing is written.
    await ledger.record(makeSnapshot("1"))
  })

  it("rejects writes after busyTimeout, and accepts them again later", { timeout: 60_000 }, async () => {
    const path = newPath()
    await using ledger = await openLedger({ path, busyTimeout: "50ms" })
    await using locker = startWriter("lock", path, "", "600000")
    await locker.printed(1)
    const intent = makeIntent()
    await expect(ledger.begin(intent)).rejects.toMatchObject({
      _tag: "LedgerError",
      reason: { _tag: "Busy", timeoutMs: 50 },
      isRetryable: true
    })
    locker.kill()
    await locker.end()
    expect(await ledger.begin(intent)).toMatchObject({ isNew: true })
  })
})

it("prints nothing on standard error when it is loaded", { timeout: 60_000 }, async () => {
  await using writer = startWriter("open", newPath())
  expect(await writer.end()).toBe(0)
  expect(writer.errors().replace(/^.*type stripping.*\n.*\n/gim, "")).toBe("")
})

/** Disks that are full or read-only, and files that disappear. */
import { chmodSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { LedgerError, openLedger } from "@gentask/ledger"
import { canMount, mountTmpfs } from "@gentask/tooling/mountTmpfs"
import { checkIntegrity } from "./support/checkIntegrity.ts"
import { newFolder, removeFolders } from "./support/folders.ts"
import { makeIntent, makeSnapshot } from "./support/records.ts"

afterAll(removeFolders)

const needsRoot = "(needs root on Linux, to mount a file system)"
const isRoot = process.platform === "win32" || process.getuid?.() === 0

describe("a full disk", () => {
  it.skipIf(!canMount)(
    `rejects writes, keeps what was acknowledged, and is used again when it has space ${needsRoot}`,
    async () => {
      using mounted = mountTmpfs("4m")
      const { folder } = mounted
      const [path, ballast] = [join(folder, "ledger.db"), join(folder, "ballast")]
      writeFileSync(ballast, Buffer.alloc(1024 * 1024))
      const ledger = await openLedger({ path })
      const acknowledged: Array<string> = []
      const submit = async () => {
        const intent = makeIntent({ prompt: crypto.randomUUID().repeat(100) })
        await ledger.begin(intent)
        await ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot(intent.id)], attempts: 1 })
        acknowledged.push(intent.id)
      }
      const fill = async (): Promise<never> => {
        for (;;) await submit()
      }
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const error = await fill().catch((reason: unknown) => reason)
        expect(error).toBeInstanceOf(LedgerError)
        expect(error).toMatchObject({ reason: { _tag: "DiskFull" }, isRetryable: true })
      }
      expect(acknowledged.length).toBeGreaterThan(10)
      for (const id of acknowledged) expect((await ledger.intent(id))?.state).toBe("accepted")
      rmSync(ballast)
      const count = acknowledged.length
      await submit()
      expect(acknowledged).toHaveLength(count + 1)
      await ledger.close()
      expect(checkIntegrity(path)).toEqual([])
      await using reopened = await openLedger({ path })
      for (const id of acknowledged) expect((await reopened.intent(id))?.state).toBe("accepted")
    }
  )

  it.skipIf(!canMount)(`rejects a new ledger, which can be created later ${needsRoot}`, async () => {
    using mounted = mountTmpfs("1m")
    const { folder } = mounted
    const ballast = join(folder, "ballast")
    writeFileSync(ballast, Buffer.alloc(1020 * 1024))
    const path = join(folder, "ledger.db")
    await expect(openLedger({ path })).rejects.toMatchObject({ reason: { _tag: "DiskFull" } })
    rmSync(ballast)
    await using ledger = await openLedger({ path })
    expect(ledger.path).toBe(path)
  })
})

describe("a file that is not at its path any more", () => {
  it.skipIf(process.platform === "win32")(
    "rejects writes while it is deleted, moved or replaced",
    async () => {
      const folder = newFolder()
      const [path, moved] = [join(folder, "ledger.db"), join(folder, "moved.db")]
      const ledger = await openLedger({ path })
      const begin = () => ledger.begin(makeIntent())
      await begin()
      renameSync(path, moved)
      await expect(begin()).rejects.toMatchObject({ reason: { _tag: "FileMoved" } })
      writeFileSync(path, "another file")
      await expect(ledger.record(makeSnapshot("1"))).rejects.toMatchObject({ reason: { _tag: "FileMoved" } })
      renameSync(moved, path)
      expect((await begin()).isNew).toBe(true)
      rmSync(path)
      await expect(begin()).rejects.toMatchObject({ reason: { _tag: "FileMoved" } })
      await ledger.close()
    }
  )
})

describe("a read-only folder", () => {
  it.skipIf(!canMount)(
    `rejects a new and an existing ledger, and is not changed: file system ${needsRoot}`,
    async () => {
      using mounted = mountTmpfs("4m")
      const { folder } = mounted
      await openLedger({ path: join(folder, "ledger.db") }).then((ledger) => ledger.close())
      mounted.makeReadOnly()
      for (const path of [join(folder, "ledger.db"), join(folder, "new.db")])
        await expect(openLedger({ path })).rejects.toMatchObject({
          reason: { _tag: "NotWritable", code: "EROFS" },
          message: `Ledger ${path}: cannot write to it (EROFS). Allow writing to the file and its folder, or choose another path.`
        })
      await expect(openLedger({ path: join(folder, "new", "ledger.db") })).rejects.toMatchObject({
        reason: { _tag: "NotWritable" }
      })
      expect(readdirSync(folder)).toEqual(["ledger.db"])
    }
  )

  it.skipIf(isRoot)(
    "rejects a new and an existing ledger, and is not changed: permissions (needs another user than root)",
    async () => {
      const folder = newFolder()
      await openLedger({ path: join(folder, "ledger.db") }).then((ledger) => ledger.close())
      chmodSync(folder, 0o500)
      try {
        for (const name of ["ledger.db", "new.db", "new/ledger.db"])
          await expect(openLedger({ path: join(folder, name) })).rejects.toMatchObject({
            reason: { _tag: "NotWritable" }
          })
        expect(readdirSync(folder)).toEqual(["ledger.db"])
      } finally {
        chmodSync(folder, 0o700)
      }
    }
  )
})

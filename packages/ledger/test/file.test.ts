/** Unusual and damaged files. */
import { createHash } from "node:crypto"
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, afterEach, describe, expect, it, vi } from "vitest"
import { LedgerError, defaultLedgerPath, openLedger } from "@gentask/ledger"
import { newFolder, removeFolders } from "./support/folders.ts"
import { makeIntent, makeSnapshot } from "./support/records.ts"

afterAll(removeFolders)

/** The digests of all files in a folder. */
const contentsOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex")
    ])
  )

/** Tries to open a ledger that must be refused. */
const openRefused = async (path: string) => {
  const before = contentsOf(join(path, ".."))
  const error = await openLedger({ path }).catch((reason: unknown) => reason)
  if (!(error instanceof LedgerError)) throw new Error("The ledger was opened.")
  // No file is changed, added or removed.
  expect(contentsOf(join(path, ".."))).toEqual(before)
  return error
}

const fill = async (path: string, count: number): Promise<void> => {
  const ledger = await openLedger({ path })
  for (let index = 0; index < count; index += 1)
    await ledger.record(makeSnapshot(String(index), { prompt: `Prompt ${index} ${"x".repeat(500)}` }))
  await ledger.close()
}

describe("a new ledger", () => {
  it.skipIf(process.platform === "win32")(
    "is readable by this user only, and so are its folders",
    async () => {
      const folder = newFolder()
      const path = join(folder, "state", "gentask", "ledger.db")
      await using ledger = await openLedger({ path })
      await ledger.record(makeSnapshot("1"))
      const modeOf = (file: string): number => statSync(file).mode & 0o777
      expect(modeOf(join(folder, "state"))).toBe(0o700)
      expect(modeOf(join(folder, "state", "gentask"))).toBe(0o700)
      for (const suffix of ["", "-wal", "-shm"]) expect(modeOf(path + suffix)).toBe(0o600)
    }
  )

  it("is one file after it was closed", async () => {
    const folder = newFolder()
    await fill(join(folder, "ledger.db"), 3)
    expect(readdirSync(folder)).toEqual(["ledger.db"])
  })

  it.each([
    "with blanks and 'quotes'.db",
    "账本 😀.db",
    "file:ledger.db?mode=memory",
    ":memory:",
    "100%25.db",
    "#1.db"
  ])("can have the name %s", async (name) => {
    const folder = newFolder()
    const path = join(folder, "a folder – 文件夹", name)
    await fill(path, 1)
    expect(readdirSync(join(folder, "a folder – 文件夹"))).toEqual([name])
    await using ledger = await openLedger({ path })
    expect(await ledger.countActive("acme")).toBe(1)
  })

  it("replaces an empty file", async () => {
    const path = join(newFolder(), "ledger.db")
    writeFileSync(path, "")
    await fill(path, 1)
    await using ledger = await openLedger({ path })
    expect(await ledger.info()).toMatchObject({ path, tasks: 1, intents: 0, schemaVersion: 3 })
  })
})

describe("a symbolic link", () => {
  it("leads to the same ledger, also while both are open", async () => {
    const folder = newFolder()
    mkdirSync(join(folder, "links"))
    const [path, link] = [join(folder, "ledger.db"), join(folder, "links", "link.db")]
    symlinkSync(path, link)
    // The file that the link leads to does not exist yet.
    await using first = await openLedger({ path: link })
    await using second = await openLedger({ path })
    const intent = makeIntent()
    expect((await first.begin(intent)).isNew).toBe(true)
    expect((await second.begin(intent)).isNew).toBe(false)
    expect(readdirSync(join(folder, "links"))).toEqual(["link.db"])
  })
})

describe("files of the write-ahead log", () => {
  it("that were left behind are used", async () => {
    const [folder, copy] = [newFolder(), newFolder()]
    const ledger = await openLedger({ path: join(folder, "ledger.db") })
    const intent = makeIntent()
    await ledger.begin(intent)
    cpSync(folder, copy, { recursive: true })
    await ledger.close()
    await using opened = await openLedger({ path: join(copy, "ledger.db") })
    expect((await opened.intent(intent.id))?.state).toBe("pending")
  })

  it("that contain no valid write are ignored", async () => {
    const path = join(newFolder(), "ledger.db")
    await fill(path, 3)
    writeFileSync(`${path}-wal`, "no log".repeat(1000))
    writeFileSync(`${path}-shm`, "no index".repeat(1000))
    await using ledger = await openLedger({ path })
    expect(await ledger.countActive("acme")).toBe(3)
  })
})

describe("a file that is not a ledger", () => {
  it.each<[string, Buffer]>([
    ["text", Buffer.from("hello world\n".repeat(1000))],
    ["one byte", Buffer.from("S")],
    ["the header of SQLite and no database", Buffer.from(`SQLite format 3\0${"x".repeat(5000)}`)]
  ])("is refused and kept: %s", async (_, content) => {
    const path = join(newFolder(), "ledger.db")
    writeFileSync(path, content)
    expect(await openRefused(path)).toMatchObject({
      path,
      reason: { _tag: "Corrupt" },
      message: expect.stringMatching(
        /damaged or is not a SQLite database .* It was not changed\. Restore a backup/
      )
    })
  })

  it("is refused and kept: a database of another program", async () => {
    const path = join(newFolder(), "ledger.db")
    const database = new DatabaseSync(path)
    database.exec("create table bookmarks (url text); insert into bookmarks values ('https://example.com')")
    database.close()
    expect(await openRefused(path)).toMatchObject({
      path,
      reason: { _tag: "ForeignFile" },
      message: expect.stringMatching(/another program/)
    })
  })

  it("is refused and kept: a folder", async () => {
    const folder = newFolder()
    mkdirSync(join(folder, "ledger.db"))
    await expect(openLedger({ path: join(folder, "ledger.db") })).rejects.toMatchObject({
      reason: { _tag: "NotWritable", code: "EISDIR" }
    })
  })

  it("is refused: a path below a file", async () => {
    const folder = newFolder()
    writeFileSync(join(folder, "file"), "")
    await expect(openLedger({ path: join(folder, "file", "ledger.db") })).rejects.toMatchObject({
      reason: { _tag: "NotWritable" }
    })
  })
})

describe("a damaged ledger", () => {
  it("is refused and kept if its end is missing", async () => {
    const path = join(newFolder(), "ledger.db")
    await fill(path, 50)
    writeFileSync(path, readFileSync(path).subarray(0, 6000))
    expect(await openRefused(path)).toMatchObject({
      path,
      reason: { _tag: "Corrupt" },
      message: expect.stringMatching(/move it away together with its -wal and -shm files/)
    })
  })

  it("rejects reads of the damaged part, and keeps the file", async () => {
    const path = join(newFolder(), "ledger.db")
    await fill(path, 200)
    const content = readFileSync(path)
    writeFileSync(path, content.fill(0xab, content.length / 2))
    const ledger = await openLedger({ path }).catch((error: unknown) => error as LedgerError)
    const error =
      ledger instanceof LedgerError ? ledger : await ledger.list({ limit: 1000 }).catch((e: unknown) => e)
    expect(error).toMatchObject({ reason: { _tag: "Corrupt" } })
    if (!(ledger instanceof LedgerError)) await ledger.close()
    expect(readFileSync(path).length).toBe(content.length)
  })
})

describe("a ledger of a later version", () => {
  it("is refused and not changed, also with a write-ahead log", async () => {
    const [folder, copy] = [newFolder(), newFolder()]
    const path = join(folder, "ledger.db")
    await fill(path, 1)
    const database = new DatabaseSync(path)
    database.exec("insert into gentask_migrations (migration_id, name) values (99, 'later')")
    cpSync(folder, copy, { recursive: true })
    database.close()
    const message =
      /later version of gentask wrote it \(schema version 99, supported up to 3\).* Update gentask/
    expect(await openRefused(path)).toMatchObject({
      path,
      reason: { _tag: "NewerSchema" },
      message: expect.stringMatching(message)
    })
    const before = readFileSync(join(copy, "ledger.db-wal"))
    await expect(openLedger({ path: join(copy, "ledger.db") })).rejects.toThrow(message)
    expect(readFileSync(join(copy, "ledger.db-wal"))).toEqual(before)
  })
})

describe("defaultLedgerPath", () => {
  afterEach(() => vi.unstubAllEnvs())

  it("is in the user's state folder", () => {
    vi.stubEnv("XDG_STATE_HOME", "")
    const base = { linux: ".local/state", darwin: "Library/Application Support" }[process.platform as "linux"]
    if (base !== undefined) expect(defaultLedgerPath()).toBe(join(homedir(), base, "gentask", "ledger.db"))
    vi.stubEnv("XDG_STATE_HOME", "relative")
    expect(defaultLedgerPath()).not.toContain("relative")
  })

  it("is in XDG_STATE_HOME if it is set", async () => {
    const folder = newFolder()
    vi.stubEnv("XDG_STATE_HOME", folder)
    expect(defaultLedgerPath()).toBe(join(folder, "gentask", "ledger.db"))
    await using ledger = await openLedger()
    expect(ledger.path).toBe(defaultLedgerPath())
  })
})

it.each([["busyTimeout"], ["olderThan"]])("rejects an invalid %s", async (option) => {
  const path = join(newFolder(), "ledger.db")
  const run = async () => {
    await using ledger = await openLedger({
      path,
      ...(option === "busyTimeout" ? { busyTimeout: "soon" } : {})
    })
    await ledger.prune({ olderThan: "ever" })
  }
  await expect(run()).rejects.toMatchObject({ reason: { _tag: "InvalidOption", option } })
})

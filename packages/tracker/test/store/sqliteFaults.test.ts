/** Failing and foreign SQLite files. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openLedger } from "@gentask/ledger"
import { applicationId, migrations } from "@gentask/ledger/internal"
import * as SqliteStore from "../../src/store/SqliteStore.ts"
import { makeSnapshot } from "../support/records.ts"
import { openStore } from "../support/stores.ts"

const run = Effect.runPromise

describe("a SQLite file", () => {
  let folder: string
  let count = 0
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "gentask-faults-"))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const newPath = (): string => join(folder, `ledger${(count += 1)}.db`)

  it("of an earlier version of the ledger is migrated, and keeps its tasks", async () => {
    const path = newPath()
    const ledger = await openLedger({ path })
    await ledger.close()
    // The tables of the first version, with a task.
    rmSync(path)
    const [initial] = migrations
    const database = new DatabaseSync(path)
    database.exec(`
      pragma application_id = ${applicationId};
      create table gentask_migrations (
        migration_id integer primary key not null, created_at text not null default current_timestamp, name text not null
      );
      insert into gentask_migrations (migration_id, name) values (1, 'initial');
      ${initial?.sql}
      insert into tasks (ref, account, status, added_at, since, updated_at)
      values ('acme:1', 'acme', 'queued', 1000, 1000, 1000);
    `)
    database.close()
    const { store, close } = await openStore(SqliteStore.layer({ path }))
    expect(await run(store.openTasks("acme", 0, 10))).toMatchObject([{ ref: "acme:1", polls: 0, dueInMs: 0 }])
    expect(await run(store.settle(await run(store.take("acme", "me")), [makeSnapshot("1")]))).toBe(true)
    await close()
  })

  it("of a later version is refused", async () => {
    const path = newPath()
    const ledger = await openLedger({ path })
    await ledger.close()
    const database = new DatabaseSync(path)
    database.exec("insert into gentask_migrations (migration_id, name) values (99, 'later')")
    database.close()
    await expect(openStore(SqliteStore.layer({ path }))).rejects.toMatchObject({
      _tag: "StoreError",
      isRetryable: false,
      message: expect.stringMatching(/later version of gentask wrote it .* Update gentask/)
    })
  })

  it("is written when another process has released its lock", async () => {
    const path = newPath()
    const { store, close } = await openStore(SqliteStore.layer({ path }))
    const other = new DatabaseSync(path)
    other.exec("begin immediate")
    const added = run(store.addTasks([{ ref: "acme:1" }]))
    await run(store.openTasks("acme", 0, 10))
    other.exec("commit")
    expect(await added).toEqual(["acme:1"])
    other.close()
    await close()
  })

  it("reports an error that may pass when the disk is full, and works again afterwards", async () => {
    const path = newPath()
    const { store, sql, close } = await openStore(SqliteStore.layer({ path }))
    const pages = await run(sql<{ readonly page_count: number }>`pragma page_count`)
    // SQLite reports the same code when the limit is reached as when the disk is full.
    await run(sql.unsafe(`pragma max_page_count = ${Number(pages[0]?.page_count) + 3}`))
    const tasks = Array.from({ length: 2000 }, (_, id) => ({ ref: `acme:${id}` }))
    const error = await run(Effect.flip(store.addTasks(tasks)))
    expect(error).toMatchObject({ _tag: "StoreError", isRetryable: true })
    expect(error.message).toMatch(/full/)
    expect(await run(store.openTasks("acme", 0, 10))).toEqual([])
    await run(sql`pragma max_page_count = 1000000`)
    expect(await run(store.addTasks(tasks))).toHaveLength(2000)
    await close()
  })
})

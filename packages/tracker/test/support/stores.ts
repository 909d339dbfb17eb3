/** Runs tests of the store on SQLite and on Postgres. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { SqlClient } from "effect/sql/SqlClient"
import { afterAll, afterEach, beforeAll, describe } from "vitest"
import * as PostgresStore from "../../src/store/PostgresStore.ts"
import * as SqliteStore from "../../src/store/SqliteStore.ts"
import type { StoreError } from "../../src/store/StoreError.ts"
import { TrackerStore } from "../../src/store/TrackerStore.ts"
import type { TrackerStoreService } from "../../src/store/TrackerStore.ts"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"

/** An open store. */
export interface OpenStore {
  readonly store: TrackerStoreService
  readonly sql: SqlClient
  readonly close: () => Promise<void>
}

/** Opens a store. */
export const openStore = async (
  layer: Layer.Layer<TrackerStore | SqlClient, StoreError>
): Promise<OpenStore> => {
  const runtime = ManagedRuntime.make(layer)
  try {
    const [store, sql] = await runtime.runPromise(Effect.all([TrackerStore, SqlClient]))
    return { store, sql, close: () => runtime.dispose() }
  } catch (error) {
    await runtime.dispose()
    throw error
  }
}

/** A database that several stores can use at the same time. */
export interface TestDatabase {
  /** Opens another store of the database. It is closed after the test. */
  readonly open: () => Promise<OpenStore>
}

/** Registers tests once for SQLite and once for Postgres. Each call of `create` creates an empty database. */
export const describeStores = (
  define: (create: () => Promise<TestDatabase>, name: "SQLite" | "Postgres") => void
): void => {
  const opened: Array<OpenStore> = []
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map(({ close }) => close()))
  }
  const openLater = (layer: () => Layer.Layer<TrackerStore | SqlClient, StoreError>): TestDatabase => ({
    open: async () => {
      const store = await openStore(layer())
      opened.push(store)
      return store
    }
  })

  describe("on SQLite", () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "gentask-tracker-"))
    })
    afterEach(closeAll)
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    let count = 0
    define(async () => {
      const path = join(folder, `ledger${(count += 1)}.db`)
      return openLater(() => SqliteStore.layer({ path }))
    }, "SQLite")
  })

  describe.skipIf(!hasPostgres)(`on Postgres${skipReason}`, () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
    })
    afterEach(closeAll)
    afterAll(() => server.close())
    define(async () => {
      const url = await server.createDatabase()
      return openLater(() => PostgresStore.layer({ url }))
    }, "Postgres")
  })
}

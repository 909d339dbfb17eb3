/** Databases of the tracker, and what they count. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { SqlClient } from "effect/sql/SqlClient"
import { PostgresStore, SqliteStore, TrackerStore } from "./trackerInternals.ts"
import type { PostgresServer, TrackerStoreService } from "./trackerInternals.ts"

/** An open database of the tracker. */
export interface BenchDatabase extends AsyncDisposable {
  readonly name: "SQLite" | "Postgres"
  readonly store: TrackerStoreService
  readonly sql: SqlClient
}

const open = async (
  name: BenchDatabase["name"],
  layer: Layer.Layer<TrackerStore | SqlClient, unknown>
): Promise<BenchDatabase> => {
  const runtime = ManagedRuntime.make(layer)
  const [store, sql] = await runtime.runPromise(Effect.all([TrackerStore, SqlClient]))
  return { name, store, sql, [Symbol.asyncDispose]: () => runtime.dispose() }
}

export const openSqlite = (folder: string, name: string): Promise<BenchDatabase> =>
  open("SQLite", SqliteStore.layer({ path: join(folder, `${name}.db`) }))

export const openPostgres = async (server: PostgresServer): Promise<BenchDatabase> =>
  open("Postgres", PostgresStore.layer({ url: await server.createDatabase(), timeoutMs: 120_000 }))

/** How long a tick of the process clock in /proc takes, in milliseconds. */
const tickMs = 10

/** The fields of `/proc/PID/stat` from the process's state on. */
const statOf = (pid: string): ReadonlyArray<string> => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8")
    return text.slice(text.lastIndexOf(")") + 2).split(" ")
  } catch {
    return []
  }
}

const sum = (fields: ReadonlyArray<string>, from: number, to: number): number =>
  fields.slice(from, to).reduce((total, each) => total + Number(each), 0)

/** Returns the CPU time of a server and all its processes, in milliseconds. NaN where there is no /proc. */
export const postgresCpuMs = (server: PostgresServer): number => {
  const parent = String(server.pid())
  const own = statOf(parent)
  if (own.length === 0) return Number.NaN
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((fields) => fields[1] === parent)
  // User and system time, and those of children that have exited.
  const ticks = sum(own, 11, 15) + children.reduce((total, fields) => total + sum(fields, 11, 13), 0)
  return ticks * tickMs
}

/** Runs statements, and returns the first number of the first row. */
export const queryNumber = async ({ sql }: Pick<BenchDatabase, "sql">, text: string): Promise<number> => {
  const [row = {}] = await Effect.runPromise(sql.unsafe<Record<string, unknown>>(text))
  return Number(Object.values(row)[0])
}

/** Returns the position in the write-ahead log of Postgres, in bytes. */
export const walBytes = (database: BenchDatabase): Promise<number> =>
  queryNumber(database, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8")

/** Returns how many rows were inserted, updated and deleted so far. On Postgres, only those of tasks and events. */
export const rowsWritten = (database: BenchDatabase): Promise<number> =>
  queryNumber(
    database,
    database.name === "SQLite"
      ? "select total_changes()"
      : `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::float8 from pg_stat_user_tables
         where relname in ('tasks', 'events', 'outbox')`
  )

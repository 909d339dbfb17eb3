import { StatementCache, loadSqlite } from "@gentask/ledger/internal"
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { SqlError, classifySqliteError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"

/** Options of the SQLite client. */
export interface SqliteClientOptions {
  /** The path of the database. */
  readonly path: string
  /**
   * How long SQLite waits for a lock of another process, in milliseconds. The process is blocked meanwhile, so the
   * transactions of the store wait longer by themselves.
   *
   * @default 20
   */
  readonly busyTimeoutMs?: number | undefined
}

const defaultBusyTimeoutMs = 20

/** How many prepared statements are kept. */
const maxStatements = 200

/** Refs are random, so that adding tasks changes pages everywhere in an index. Fewer pages are read and written twice. */
const cacheKiB = 65_536
const checkpointPages = 8000

const openDatabase = ({ path, busyTimeoutMs = defaultBusyTimeoutMs }: SqliteClientOptions): DatabaseSync => {
  const { DatabaseSync } = loadSqlite()
  const database = new DatabaseSync(path)
  database.exec(`
    pragma busy_timeout = ${busyTimeoutMs};
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma fullfsync = on;
    pragma checkpoint_fullfsync = on;
    pragma foreign_keys = on;
    pragma cache_size = -${cacheKiB};
    pragma wal_autocheckpoint = ${checkpointPages};
  `)
  return database
}

/** node:sqlite accepts no booleans and dates. */
const toInputValue = (value: unknown): SQLInputValue => {
  if (typeof value === "boolean") return value ? 1 : 0
  if (value instanceof Date) return value.getTime()
  return value === undefined ? null : (value as SQLInputValue)
}

/** node:sqlite has the result code in `errcode`, where Effect expects `errno`. */
const toSqlError = (cause: unknown, operation: string): SqlError => {
  const { errcode } = cause as { readonly errcode?: unknown }
  const known = cause instanceof Error ? Object.assign(cause, { errno: errcode }) : cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const reason = classifySqliteError(known, { message, operation })
  return new SqlError({ reason })
}

class SqliteConnection implements Connection {
  readonly #database: DatabaseSync
  readonly #statements: StatementCache

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = new StatementCache(database, maxStatements)
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction
  }

  execute: Connection["execute"] = (sql, params, transformRows) =>
    this.#run(sql, params, (statement, values) => {
      const rows = statement.all(...values)
      return transformRows === undefined ? rows : transformRows(rows)
    })

  executeUnprepared: Connection["executeUnprepared"] = (sql, params, transformRows) =>
    this.execute(sql, params, transformRows)

  executeRaw: Connection["executeRaw"] = (sql, params) =>
    this.#run(sql, params, (statement, values) => statement.run(...values))

  executeValues: Connection["executeValues"] = (sql, params) =>
    this.#run(sql, params, (statement, values) => statement.all(...values).map((row) => Object.values(row)))

  executeValuesUnprepared: Connection["executeValuesUnprepared"] = (sql, params) =>
    this.executeValues(sql, params)

  executeStream: Connection["executeStream"] = (sql, params, transformRows) =>
    Stream.fromIterableEffect(this.execute(sql, params, transformRows))

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #run<A>(
    sql: string,
    params: ReadonlyArray<unknown>,
    use: (statement: StatementSync, values: Array<SQLInputValue>) => A
  ): Effect.Effect<A, SqlError> {
    return Effect.withFiber((fiber) => {
      try {
        const statement = this.#statements.prepare(sql)
        statement.setReadBigInts(fiber.getRef(SqlClient.SafeIntegers))
        return Effect.succeed(use(statement, params.map(toInputValue)))
      } catch (cause) {
        return Effect.fail(toSqlError(cause, "execute"))
      }
    })
  }
}

/**
 * Opens a client of a SQLite database on `node:sqlite`. All fibers share one connection, and take turns: a statement waits
 * while another fiber's transaction is open.
 */
const make = Effect.fnUntraced(function* (
  options: SqliteClientOptions
): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const connection = yield* Effect.acquireRelease(
    Effect.try({
      try: () => new SqliteConnection(openDatabase(options)),
      catch: (cause) => toSqlError(cause, "connect")
    }),
    (opened) => Effect.sync(() => opened.close())
  )
  const semaphore = yield* Semaphore.make(1)
  const acquirers = SqlClient.makeSqliteAcquirers({
    connection: Effect.succeed(connection),
    semaphore,
    isTransaction: (open) => open.isTransaction
  })
  return yield* SqlClient.make({
    ...acquirers,
    compiler: Statement.makeCompilerSqlite(),
    driver: "gentask-sqlite",
    // Taking the lock for writing at once never fails half-way, as an upgrade of a read lock does.
    beginTransaction: "BEGIN IMMEDIATE",
    prepareTransactionControls: true,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    spanAttributes: [["db.system.name", "sqlite"]]
  })
})

/** Provides a client of a SQLite database. */
export const layer = (options: SqliteClientOptions): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))

import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Schedule from "effect/Schedule"
import type { SqlClient } from "effect/sql/SqlClient"
import { isSqlError } from "effect/sql/SqlError"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type { StoreError } from "./StoreError.ts"
import type { Ownership } from "./TrackerStore.ts"
import { storableText } from "./storableText.ts"
import { toStoreError } from "./toStoreError.ts"

/** A row, by the names of its columns. Postgres returns `bigint` columns as BigInt. */
export type Row = Readonly<Record<string, unknown>>

/** The types of the columns of `table`. */
export type ColumnType = "text" | "bigint" | "float8"

/** The channel of Postgres for hints. */
export const hintChannel = "gentask_tracker"

/** The hint that there are new events or outcomes of submits. */
export const eventsHint = "*"

/** Serializes the transactions that insert events, so that the order of `seq` is the order of their commits. */
const eventsLock = 0x67746b65

/** How long a transaction waits for another process that locks the SQLite file. */
const lockTimeout = "10 seconds"

const isConflict = (error: SqlError | StoreError): boolean =>
  error._tag === "SqlError" &&
  ["LockTimeoutError", "DeadlockError", "SerializationError"].includes(error.reason._tag)

/** JSON, in which Postgres cannot read NULs and halves of surrogate pairs. */
const toJsonText = (value: unknown): string => {
  const json = JSON.stringify(value)
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return json
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "string" ? storableText(each) : each))
}

/** What all statements of the store need. */
export class Database {
  readonly sql: SqlClient
  /** Receives hints about what this process has changed, or, on Postgres, any process. */
  readonly hints: PubSub.PubSub<string>
  readonly isPostgres: boolean
  /** The time of the database, in milliseconds. */
  readonly now: Fragment
  readonly #forShare: Fragment
  readonly #lockEvents: Effect.Effect<unknown, SqlError>

  constructor(sql: SqlClient, hints: PubSub.PubSub<string>) {
    this.sql = sql
    this.hints = hints
    this.isPostgres = sql.onDialectOrElse({ pg: () => true, orElse: () => false })
    // The time of the statement, not of the transaction.
    this.now = sql.literal(
      this.isPostgres
        ? "(extract(epoch from clock_timestamp()) * 1000)::bigint"
        : "cast(round(unixepoch('subsec') * 1000) as integer)"
    )
    this.#forShare = sql.literal(this.isPostgres ? "for share" : "")
    this.#lockEvents = this.isPostgres ? sql`select pg_advisory_xact_lock(${eventsLock})` : Effect.void
  }

  /** Returns a subquery with rows as a table. */
  table(
    rows: ReadonlyArray<Readonly<Record<string, string | number | null>>>,
    columns: Readonly<Record<string, ColumnType>>
  ): Fragment {
    const { sql } = this
    const names = Object.keys(columns)
    if (this.isPostgres) {
      // A list for each column takes less time than an object for each row.
      const lists = names.map(
        (name) => sql`json_array_elements_text(${toJsonText(rows.map((row) => row[name] ?? null))}::json)`
      )
      const typed = sql.literal(names.map((name) => `${name}::${columns[name]}`).join(", "))
      return sql`(select ${typed} from rows from (${sql.csv(lists)}) as given(${sql.literal(names.join(", "))}))`
    }
    const values = sql.literal(names.map((name) => `value ->> '${name}' as ${name}`).join(", "))
    return sql`(select ${values} from json_each(${toJsonText(rows)}))`
  }

  /** Returns a subquery with one column, `value`. */
  values(values: ReadonlyArray<string>): Fragment {
    const json = toJsonText(values)
    return this.isPostgres
      ? this.sql`(select value from json_array_elements_text(${json}::json) as given(value))`
      : this.sql`(select value from json_each(${json}))`
  }

  /** Runs statements that read. */
  read<A>(effect: Effect.Effect<A, SqlError | StoreError>): Effect.Effect<A, StoreError> {
    return this.#run(effect)
  }

  /**
   * Runs statements in one transaction. Runs them again if another transaction prevented it. On SQLite it waits while
   * another process locks the file.
   */
  write<A>(effect: Effect.Effect<A, SqlError | StoreError>): Effect.Effect<A, StoreError> {
    return this.#run(
      Effect.retry(this.sql.withTransaction(effect), {
        while: isConflict,
        schedule: Schedule.spaced("20 millis").pipe(
          Schedule.jittered,
          Schedule.upTo({ duration: lockTimeout })
        )
      })
    )
  }

  /**
   * Runs statements that insert events in one transaction, so that an event is never visible before one with a lower
   * `seq`.
   */
  writeEvents<A>(effect: Effect.Effect<A, SqlError | StoreError>): Effect.Effect<A, StoreError> {
    return this.write(Effect.andThen(this.#lockEvents, effect))
  }

  /**
   * Runs an effect in a transaction if the account still has this owner, which then stays its owner until the transaction
   * ends. Else changes nothing and returns false.
   */
  owned(
    { account, epoch }: Ownership,
    effect: Effect.Effect<unknown, SqlError | StoreError>
  ): Effect.Effect<boolean, SqlError | StoreError> {
    const { sql } = this
    return Effect.flatMap(
      sql`select epoch from accounts where account = ${account} and epoch = ${epoch} ${this.#forShare}`,
      (rows) => (rows.length === 0 ? Effect.succeed(false) : Effect.as(effect, true))
    )
  }

  #run<A>(effect: Effect.Effect<A, SqlError | StoreError>): Effect.Effect<A, StoreError> {
    return effect.pipe(
      Effect.mapError(toStoreError),
      // A transaction whose connection was lost dies, since it cannot be rolled back.
      Effect.catchDefect((defect) =>
        isSqlError(defect) ? Effect.fail(toStoreError(defect)) : Effect.die(defect)
      )
    )
  }

  /** Publishes hints when the running transaction is committed. */
  hint(hints: Iterable<string>): Effect.Effect<void, SqlError> {
    const names = [...new Set(hints)]
    if (names.length === 0) return Effect.void
    if (!this.isPostgres) return this.sql.afterCommit(Effect.asVoid(PubSub.publishAll(this.hints, names)))
    return Effect.asVoid(
      this.sql`select pg_notify(${hintChannel}, value) from ${this.values(names)} as hints`
    )
  }
}

import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Row } from "./Database.ts"
import { number } from "./rows.ts"
import { postgresMigrations, postgresSchema } from "./postgresSchema.ts"
import { StoreError } from "./StoreError.ts"
import { toStoreError } from "./toStoreError.ts"

/** Serializes processes that start at the same time. */
const migrationLock = 0x67746b6d

const supported = postgresMigrations.length

const newerSchema = (version: number): StoreError =>
  new StoreError({
    message: `A later version of gentask wrote the tracker's database (schema version ${version}, supported up to ${supported}). It was not changed. Update gentask, or use another database.`,
    isRetryable: false
  })

/**
 * Creates or updates the tables on Postgres. Fails with a `StoreError`, and changes nothing, if a later version of gentask
 * has changed them.
 */
export const migratePostgres = (sql: SqlClient): Effect.Effect<void, StoreError> => {
  const migrate = Effect.gen(function* () {
    yield* sql`select pg_advisory_xact_lock(${migrationLock})`
    yield* sql.unsafe(`create schema if not exists ${postgresSchema}`).unprepared
    yield* sql.unsafe(`
      create table if not exists ${postgresSchema}.gentask_migrations (
        migration_id bigint primary key,
        created_at timestamptz not null default now(),
        name text not null
      )`).unprepared
    const [row] = yield* sql<Row>`select coalesce(max(migration_id), 0) as version from gentask_migrations`
    const version = row === undefined ? 0 : number(row, "version")
    if (version > supported) yield* newerSchema(version)
    for (const [index, { name, sql: statements }] of postgresMigrations.entries()) {
      if (index < version) continue
      for (const statement of statements) yield* sql.unsafe(statement).unprepared
      yield* sql`insert into gentask_migrations (migration_id, name) values (${index + 1}, ${name})`
    }
  })
  return Effect.mapError(sql.withTransaction(migrate), toStoreError)
}

import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import { Database } from "./Database.ts"
import { listenOnPostgres, maxPendingHints } from "./hints.ts"
import { migratePostgres } from "./migratePostgres.ts"
import { postgresSchema } from "./postgresSchema.ts"
import { findOnPostgres } from "./reads.ts"
import { makeSqlLedger } from "./SqlLedger.ts"
import { makeSqlStore } from "./SqlStore.ts"
import { StoreError } from "./StoreError.ts"
import { failWithStoreError } from "./toStoreError.ts"
import { TrackerStore } from "./TrackerStore.ts"
import { WatchedSocket } from "./WatchedSocket.ts"

/** Options of a store on Postgres. */
export interface PostgresStoreOptions {
  /** The connection string, such as `postgres://user:password@host:5432/database`. */
  readonly url: string
  /** @default 10 */
  readonly maxConnections?: number | undefined
  /** After how many milliseconds a statement fails if the server does not respond. @default 10000 */
  readonly timeoutMs?: number | undefined
}

const defaultTimeoutMs = 10_000

/** The server reports a timeout itself, if it can be reached, before the connection is closed. */
const graceMs = 2000

const defaultPort = 5432

/** The settings of each session. */
const sessionParameters = (timeoutMs: number) => ({
  search_path: `${postgresSchema}, public`,
  // A process that is suspended in a transaction must not block the others for longer.
  idle_in_transaction_session_timeout: "5s",
  statement_timeout: `${timeoutMs}ms`
})

/** Without the URL, which may contain a password. The client's own error would contain it. */
const invalidUrl = new StoreError({
  message: "Invalid URL of the tracker's database: expected postgres://user:password@host:port/database.",
  isRetryable: false
})

interface Address {
  readonly host: string
  readonly port: number
}

/** Returns where the server listens, as the client reads it from the URL. Undefined if the URL is invalid. */
const addressOf = (text: string): Address | undefined => {
  const url = URL.parse(text)
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) return undefined
  const host = url.searchParams.get("host") ?? url.hostname.replace(/^\[|\]$/g, "")
  return {
    host: host || "localhost",
    port: Number(url.searchParams.get("port") ?? (url.port || defaultPort))
  }
}

const clientLayer = (
  { host, port }: Address,
  { url, maxConnections = 10, timeoutMs = defaultTimeoutMs }: PostgresStoreOptions
) =>
  PgClient.layer({
    url: Redacted.make(url),
    maxConnections,
    applicationName: "gentask",
    startupParameters: sessionParameters(timeoutMs),
    connectTimeout: "5 seconds",
    stream: () => new WatchedSocket(host, port, timeoutMs + graceMs)
  })

const storeLayer = Layer.effect(
  TrackerStore,
  Effect.gen(function* () {
    const client = yield* PgClient.PgClient
    yield* migratePostgres(client)
    const hints = yield* PubSub.sliding<string>(maxPendingHints)
    const db = new Database(client, hints)
    yield* listenOnPostgres(client, hints)
    return makeSqlStore(db, makeSqlLedger(db), findOnPostgres(db))
  })
)

/**
 * Provides the store on Postgres and its client. The tables are in the schema `gentask`, which is created if it does not
 * exist. Fails with a `StoreError`, and changes nothing, if a later version of gentask has changed the tables.
 */
export const layer = (
  options: PostgresStoreOptions
): Layer.Layer<TrackerStore | SqlClient | PgClient.PgClient, StoreError> => {
  const address = addressOf(options.url)
  if (address === undefined) return Layer.unwrap(Effect.fail(invalidUrl))
  return storeLayer.pipe(Layer.provideMerge(clientLayer(address, options)), failWithStoreError)
}

import type { TaskStatus } from "@gentask/core"
import { defaultLedgerPath, openLedger } from "@gentask/ledger"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import { SqlClient } from "effect/sql/SqlClient"
import { Database } from "./Database.ts"
import { maxPendingHints, watchSqlite } from "./hints.ts"
import type { FindTasks } from "./reads.ts"
import * as SqliteClient from "./SqliteClient.ts"
import { makeSqlStore } from "./SqlStore.ts"
import { StoreError } from "./StoreError.ts"
import { failWithStoreError, toStoreError } from "./toStoreError.ts"
import { TrackerStore } from "./TrackerStore.ts"

/** Options of a store in a SQLite file. */
export interface SqliteStoreOptions {
  /** The path of the ledger's file. It is created if it does not exist. @default the user's ledger */
  readonly path?: string | undefined
}

/** The ledger has an index for searches. */
const findInLedger =
  (ledger: SqliteLedger): FindTasks =>
  ({ account, status, search, since, limit, cursor }) =>
    Effect.tryPromise({
      try: async () => {
        const { tasks, nextCursor } = await ledger.list({
          account,
          search,
          since,
          limit,
          cursor,
          status: status as ReadonlyArray<TaskStatus> | undefined
        })
        return { refs: tasks.map(({ ref }) => ref), cursor: nextCursor }
      },
      catch: toStoreError
    })

const toOpenError = (error: unknown): StoreError =>
  new StoreError({
    message: error instanceof Error ? error.message : String(error),
    isRetryable: (error as { readonly isRetryable?: boolean }).isRetryable === true,
    cause: error
  })

const storeLayer = (ledger: SqliteLedger) =>
  Layer.effect(
    TrackerStore,
    Effect.gen(function* () {
      const hints = yield* PubSub.sliding<string>(maxPendingHints)
      const db = new Database(yield* SqlClient, hints)
      yield* watchSqlite(db)
      return makeSqlStore(db, ledger, findInLedger(ledger))
    })
  )

/**
 * Provides the store in a SQLite file, which is also the ledger of the command line, and its client. Fails with a
 * `StoreError`, and changes nothing, if a later version of gentask wrote the file.
 */
export const layer = (
  options: SqliteStoreOptions = {}
): Layer.Layer<TrackerStore | SqlClient, StoreError> => {
  const path = options.path ?? defaultLedgerPath()
  return Layer.unwrap(
    Effect.gen(function* () {
      const ledger = yield* Effect.acquireRelease(
        Effect.tryPromise({ try: () => openLedger({ path }), catch: toOpenError }),
        (opened) => Effect.promise(() => opened.close())
      )
      const client = SqliteClient.layer({ path: ledger.path })
      return storeLayer(ledger).pipe(Layer.provideMerge(client), failWithStoreError)
    })
  )
}

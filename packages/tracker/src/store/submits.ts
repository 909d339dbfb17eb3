import * as Effect from "effect/Effect"
import { eventsHint } from "./Database.ts"
import type { Database, Row } from "./Database.ts"
import { json, text } from "./rows.ts"
import { storableText } from "./storableText.ts"
import { StoreError } from "./StoreError.ts"
import type { SubmitRecord, TrackerStoreService } from "./TrackerStore.ts"

const submitFromRow = (row: Row): SubmitRecord => ({
  id: text(row, "id"),
  account: text(row, "account"),
  idempotencyKey: text(row, "idempotency_key"),
  digest: text(row, "digest"),
  state: text(row, "state") as SubmitRecord["state"],
  refs: json(row, "refs") as SubmitRecord["refs"],
  error: json(row, "error")
})

const columns = "id, account, idempotency_key, digest, state, refs, error"

type SubmitMethods = Pick<TrackerStoreService, "queueSubmit" | "queuedSubmits" | "submitSettled" | "submit">

/** The methods for submits. */
export const submitMethods = (db: Database): SubmitMethods => {
  const { sql, now } = db
  const selected = sql.literal(columns)
  return {
    queueSubmit: ({ id, account, idempotencyKey: key, digest, request }) => {
      const idempotencyKey = storableText(key)
      return db.write(
        Effect.gen(function* () {
          yield* sql`
            insert into submits (id, account, idempotency_key, digest, state, request, created_at)
            values (${id}, ${account}, ${idempotencyKey}, ${digest}, 'queued', ${JSON.stringify(request)}, ${now})
            on conflict (account, idempotency_key) do nothing`
          yield* db.hint([account])
          const rows = yield* sql<Row>`
            select ${selected} from submits where account = ${account} and idempotency_key = ${idempotencyKey}`
          const row = rows[0]
          if (row !== undefined) return submitFromRow(row)
          // A concurrent transaction of Postgres deleted it meanwhile.
          return yield* new StoreError({
            message: "The submit could not be queued. Try again.",
            isRetryable: true
          })
        })
      )
    },

    queuedSubmits: (account, limit) =>
      db.read(
        Effect.map(
          sql<Row>`
            select ${selected}, request from submits where account = ${account} and state = 'queued'
            order by seq limit ${limit}`,
          (rows) =>
            rows.map((row) => {
              const { id, idempotencyKey, digest } = submitFromRow(row)
              return { id, account, idempotencyKey, digest, request: json(row, "request") }
            })
        )
      ),

    submitSettled: (ownership, id, { state, refs, error }) =>
      db.write(
        db.owned(
          ownership,
          Effect.andThen(
            // An unknown outcome may become known later. Any other stays as it is.
            sql`
              update submits set state = ${state}, refs = ${JSON.stringify(refs)},
                error = ${JSON.stringify(error ?? null)}, request = null, settled_at = ${now}
              where id = ${id} and account = ${ownership.account} and state in ('queued', 'unknown')`,
            db.hint([eventsHint])
          )
        )
      ),

    submit: (id) =>
      db.read(
        Effect.map(sql<Row>`select ${selected} from submits where id = ${storableText(id)}`, ([row]) =>
          row === undefined ? undefined : submitFromRow(row)
        )
      )
  }
}

import * as Effect from "effect/Effect"
import { eventsHint } from "./Database.ts"
import type { Database, Row } from "./Database.ts"
import { json, text } from "./rows.ts"
import { storableText } from "./storableText.ts"
import { StoreError } from "./StoreError.ts"
import type { SubmitRecord, SubmitWebhook, TrackerStoreService } from "./TrackerStore.ts"

/** The events that the webhook of a submit receives: those after which a task has ended or is saved. */
const webhookEvents = ["task.ended", "task.saved", "task.save-failed"]

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

  const insertWebhook = (submitId: string, { url, secret }: SubmitWebhook) => sql`
    insert into endpoints (id, url, events, secrets, is_enabled, created_at, submit_id, lane)
    values (${`we_${submitId}`}, ${url}, ${JSON.stringify(webhookEvents)}, ${JSON.stringify([secret])}, 1, ${now},
      ${submitId}, ${new URL(url).origin})`

  return {
    queueSubmit: ({ id, account, idempotencyKey: key, digest, request, webhook }) => {
      const idempotencyKey = storableText(key)
      return db.write(
        Effect.gen(function* () {
          const inserted = yield* sql<Row>`
            insert into submits (id, account, idempotency_key, digest, state, request, created_at)
            values (${id}, ${account}, ${idempotencyKey}, ${digest}, 'queued', ${JSON.stringify(request)}, ${now})
            on conflict (account, idempotency_key) do nothing returning id`
          if (inserted.length > 0 && webhook !== undefined) yield* insertWebhook(id, webhook)
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

import * as Effect from "effect/Effect"
import type { Database, Row } from "./Database.ts"
import { json, text } from "./rows.ts"
import { storableText } from "./storableText.ts"
import type { TrackerStoreService } from "./TrackerStore.ts"

/** How long a cancel may wait for its owner, in milliseconds. Its sender has stopped to wait before that. */
const maxAgeMs = 60_000

type CancelMethods = Pick<
  TrackerStoreService,
  "queueCancel" | "queuedCancels" | "cancelSettled" | "cancelOutcome" | "removeCancel"
>

/** The methods for cancels that another process sends to the vendor. */
export const cancelMethods = (db: Database): CancelMethods => {
  const { sql, now } = db
  return {
    queueCancel: ({ id, account, ref }) =>
      db.write(
        Effect.gen(function* () {
          // The processes that would have removed them were killed.
          yield* sql`delete from cancels where created_at < ${now} - ${2 * maxAgeMs}`
          yield* sql`
            insert into cancels (id, account, ref, created_at) values (${id}, ${account}, ${storableText(ref)}, ${now})`
          yield* db.hint([account])
        })
      ),

    queuedCancels: (account, limit) =>
      db.read(
        Effect.map(
          sql<Row>`
            select id, ref from cancels
            where account = ${account} and outcome is null and created_at >= ${now} - ${maxAgeMs}
            order by created_at, id limit ${limit}`,
          (rows) => rows.map((row) => ({ id: text(row, "id"), account, ref: text(row, "ref") }))
        )
      ),

    cancelSettled: (ownership, id, outcome) =>
      db.write(
        db.owned(
          ownership,
          sql`update cancels set outcome = ${storableText(JSON.stringify(outcome))} where id = ${id}`
        )
      ),

    cancelOutcome: (id) =>
      db.read(
        Effect.map(sql<Row>`select outcome from cancels where id = ${id}`, ([row = {}]) =>
          json(row, "outcome")
        )
      ),

    removeCancel: (id) => db.write(Effect.asVoid(sql`delete from cancels where id = ${id}`))
  }
}

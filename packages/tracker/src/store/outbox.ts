import * as Effect from "effect/Effect"
import type { Database, Row } from "./Database.ts"
import { endpointFromRow } from "./endpoints.ts"
import { eventFromRow } from "./events.ts"
import { number, text, textOrNull } from "./rows.ts"
import { storableText } from "./storableText.ts"
import type { TrackerStoreService } from "./TrackerStore.ts"

type OutboxMethods = Pick<TrackerStoreService, "takeDeliveries" | "delivered" | "deliveryFailed" | "replay">

/** The methods for deliveries to webhooks. */
export const outboxMethods = (db: Database): OutboxMethods => {
  const { sql, now } = db
  const skipLocked = sql.literal(db.isPostgres ? "for update of outbox skip locked" : "")

  const lease = (
    account: string,
    limit: number,
    leaseMs: number,
    exceptLanes: ReadonlyArray<string>
  ) => sql<Row>`
    update outbox set due_at = ${now} + ${Math.round(leaseMs)}, is_leased = 1
    where seq in (
      select outbox.seq from outbox join endpoints on endpoints.id = outbox.endpoint_id
      where outbox.account = ${account} and outbox.due_at <= ${now} and endpoints.is_enabled = 1
        and coalesce(endpoints.lane, endpoints.id) not in (select value from ${db.values(exceptLanes)} as excepted)
      order by outbox.due_at, outbox.seq limit ${limit} ${skipLocked}
    )
    returning seq`

  const selectLeased = (seqs: ReadonlyArray<string>) => sql<Row>`
    select outbox.seq as delivery, outbox.attempts, outbox.last_error, outbox.endpoint_id,
      events.seq, events.kind, events.n, events.at, events.body, tasks.ref
    from outbox join events on events.seq = outbox.event_seq join tasks on tasks.seq = events.task_seq
    where outbox.seq in (select cast(value as bigint) from ${db.values(seqs)} as leased)
    order by outbox.seq`

  return {
    takeDeliveries: (account, limit, leaseMs, exceptLanes = []) =>
      db.write(
        Effect.gen(function* () {
          const leased = yield* lease(account, limit, leaseMs, exceptLanes)
          if (leased.length === 0) return []
          const rows = yield* selectLeased(leased.map((row) => text(row, "seq")))
          const endpoints = new Map(
            (yield* sql<Row>`
              select * from endpoints where id in (
                select value from ${db.values(rows.map((row) => text(row, "endpoint_id")))} as leased
              )`).map((row) => [text(row, "id"), endpointFromRow(row)])
          )
          return rows.flatMap((row) => {
            const endpoint = endpoints.get(text(row, "endpoint_id"))
            if (endpoint === undefined) return []
            return [
              {
                id: number(row, "delivery"),
                event: eventFromRow(row),
                endpoint,
                attempts: number(row, "attempts"),
                lastError: textOrNull(row, "last_error")
              }
            ]
          })
        })
      ),

    delivered: (deliveryId) => db.write(Effect.asVoid(sql`delete from outbox where seq = ${deliveryId}`)),

    deliveryFailed: (deliveryId, error, retryInMs) => {
      const dueAt = retryInMs === undefined ? sql.literal("null") : sql`${now} + ${Math.round(retryInMs)}`
      return db.write(
        Effect.asVoid(sql`
          update outbox set attempts = attempts + 1, is_leased = 0, last_error = ${storableText(error)},
            due_at = ${dueAt}
          where seq = ${deliveryId}`)
      )
    },

    replay: (endpointId) =>
      db.write(
        Effect.gen(function* () {
          const rows = yield* sql<Row>`
            update outbox set due_at = ${now}, attempts = 0 where endpoint_id = ${storableText(endpointId)} and due_at is null
            returning account`
          yield* db.hint(rows.map((row) => text(row, "account")))
          return rows.length
        })
      )
  }
}

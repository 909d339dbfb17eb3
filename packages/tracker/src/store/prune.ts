import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Statement } from "effect/sql/Statement"
import type { Database, Row } from "./Database.ts"
import type { StoreError } from "./StoreError.ts"
import type { TrackerStoreService } from "./TrackerStore.ts"

/** Rows per transaction, so that other processes can write in between. */
const batchSize = 500

/** The method that deletes what has ended long ago. */
export const pruneMethods = (db: Database): Pick<TrackerStoreService, "prune"> => {
  const { sql, now } = db

  const repeat = (statement: Statement<Row>): Effect.Effect<number, SqlError | StoreError> =>
    Effect.gen(function* () {
      let total = 0
      for (;;) {
        const { length } = yield* db.write(statement)
        total += length
        if (length < batchSize) return total
      }
    })

  return {
    prune: (keepForMs) => {
      const before = sql`${now} - ${Math.round(keepForMs)}`
      const tasks = sql<Row>`
        delete from tasks where seq in (
          select seq from tasks
          where ended_at <= ${before} and (save_state is null or save_state <> 'due') and not exists (
            select 1 from events join outbox on outbox.event_seq = events.seq
            where events.task_seq = tasks.seq and outbox.due_at is not null
          )
          limit ${batchSize}
        ) returning seq`
      // The events of tasks that still run find the webhook of their submit.
      const webhooks = sql<Row>`
        delete from endpoints where id in (
          select endpoints.id from endpoints join submits on submits.id = endpoints.submit_id
          where submits.state in ('accepted', 'rejected', 'invalid') and submits.settled_at <= ${before} and not exists (
            select 1 from intents join tasks on tasks.intent_seq = intents.seq
            where intents.account = submits.account and intents.idempotency_key = submits.idempotency_key
          )
          limit ${batchSize}
        ) returning id`
      const submits = sql<Row>`
        delete from submits where seq in (
          select seq from submits
          where state in ('accepted', 'rejected', 'invalid') and settled_at <= ${before}
            and not exists (select 1 from endpoints where endpoints.submit_id = submits.id)
          limit ${batchSize}
        ) returning seq`
      const intents = sql<Row>`
        delete from intents where seq in (
          select seq from intents
          where state in ('accepted', 'rejected') and settled_at <= ${before}
            and not exists (select 1 from tasks where intent_seq = intents.seq)
          limit ${batchSize}
        ) returning seq`
      return db.read(
        Effect.gen(function* () {
          const pruned = yield* repeat(tasks)
          yield* repeat(webhooks)
          yield* repeat(submits)
          yield* repeat(intents)
          return pruned
        })
      )
    }
  }
}

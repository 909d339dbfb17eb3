import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { eventsHint } from "./Database.ts"
import type { Database } from "./Database.ts"

/** The kinds of events that the tracker records. The ledger records more. */
export type EventKind =
  | "task.added"
  | "task.submitted"
  | "task.status"
  | "task.all-saved"
  | "task.save-failed"

/** An event to add. */
export interface NewEvent {
  readonly taskSeq: number
  readonly kind: EventKind
  readonly body: object | null
  /** Whether the task has no event of this kind yet. It is counted otherwise. */
  readonly isFirst?: boolean
}

/**
 * Adds events in the running transaction of `writeEvents`. A trigger adds their deliveries.
 *
 * @param events At most one of each kind and task.
 */
export const addEvents = (db: Database, events: ReadonlyArray<NewEvent>): Effect.Effect<void, SqlError> => {
  if (events.length === 0) return Effect.void
  const rows = events.map(({ taskSeq, kind, body, isFirst = false }, place) => ({
    place,
    task_seq: taskSeq,
    kind,
    n: isFirst ? 1 : null,
    body: body === null ? null : JSON.stringify(body)
  }))
  const added = db.table(rows, {
    place: "bigint",
    task_seq: "bigint",
    kind: "text",
    n: "bigint",
    body: "text"
  })
  const insert = db.sql`
    insert into events (task_seq, kind, n, at, body)
    select added.task_seq, added.kind, coalesce(added.n, 1 + (
        select count(*) from events where events.task_seq = added.task_seq and events.kind = added.kind
      )), ${db.now}, added.body
    from ${added} as added order by added.place`
  return Effect.andThen(insert, db.hint([eventsHint]))
}

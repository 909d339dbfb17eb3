import { isTerminal } from "@gentask/core"
import type { TaskStatus } from "@gentask/core"
import * as Effect from "effect/Effect"
import type { Database, Row } from "./Database.ts"
import { date, json, number, text } from "./rows.ts"
import { storableText } from "./storableText.ts"
import type { TrackerEvent, TrackerStoreService } from "./TrackerStore.ts"

/** The kinds of the ledger's events that the tracker reports. */
const reportedKinds = "('task.added', 'task.submitted', 'task.status', 'task.all-saved', 'task.save-failed')"

interface EventName {
  readonly type: TrackerEvent["type"]
  /** The end of the event's id. */
  readonly suffix: string
}

const nameOf = (kind: string, n: number, body: unknown): EventName => {
  switch (kind) {
    case "task.status": {
      const { status } = body as { readonly status: TaskStatus }
      // A task ends once with each terminal status, but may return to the others.
      return isTerminal(status)
        ? { type: "task.ended", suffix: status }
        : { type: "task.status", suffix: `${status}/${n}` }
    }
    case "task.all-saved":
      return { type: "task.saved", suffix: n === 1 ? "saved" : `saved/${n}` }
    case "task.save-failed":
      return { type: "task.save-failed", suffix: n === 1 ? "save-failed" : `save-failed/${n}` }
    default:
      return { type: "task.added", suffix: "added" }
  }
}

/** Converts a row with the columns of an event and the `ref` of its task. */
export const eventFromRow = (row: Row): TrackerEvent => {
  const ref = text(row, "ref")
  const body = json(row, "body")
  const { type, suffix } = nameOf(text(row, "kind"), number(row, "n"), body)
  return { seq: number(row, "seq"), id: `${ref}/${suffix}`, ref, type, at: date(row, "at"), body: body ?? {} }
}

type EventMethods = Pick<TrackerStoreService, "events" | "lastEventSeq">

/** The methods that read events. */
export const eventMethods = (db: Database): EventMethods => {
  const { sql } = db
  const reported = sql.literal(reportedKinds)
  return {
    events: (afterSeq, limit, ref) =>
      db.read(
        Effect.map(
          sql<Row>`
            select events.seq, events.kind, events.n, events.at, events.body, tasks.ref
            from events join tasks on tasks.seq = events.task_seq
            where events.seq > ${afterSeq} and events.kind in ${reported}
              ${ref === undefined ? sql.literal("") : sql`and tasks.ref = ${storableText(ref)}`}
            order by events.seq limit ${limit}`,
          (rows) => rows.map(eventFromRow)
        )
      ),

    lastEventSeq: db.read(
      Effect.map(sql<Row>`select coalesce(max(seq), 0) as seq from events`, ([row]) =>
        row === undefined ? 0 : number(row, "seq")
      )
    )
  }
}

import type { TaskSnapshot } from "@gentask/core"
import { refAccount } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import { eventsHint } from "./Database.ts"
import type { Database, Row } from "./Database.ts"
import { recordTasks } from "./recordTasks.ts"
import { json, number, numberOrNull, snapshotFromText, text, textOrNull } from "./rows.ts"
import { storableText } from "./storableText.ts"
import { StoreError } from "./StoreError.ts"
import type { NewTask, OpenTask, TrackerStoreService } from "./TrackerStore.ts"

/** How many tasks are added in one transaction. */
const batchSize = 1000

interface NewRow {
  readonly [column: string]: string
  readonly ref: string
  readonly account: string
}

/** Returns the account of a ref. Undefined if the ref is invalid. */
const accountOf = (ref: string): string | undefined => {
  try {
    return ref === storableText(ref) ? refAccount(ref) : undefined
  } catch {
    return undefined
  }
}

const unknownColumns = { ref: "text", account: "text" } as const

/** One statement, because triggers, the conversion of rows and each round trip cost more than the inserts themselves. */
const insertOnPostgres = (db: Database, rows: ReadonlyArray<NewRow>) =>
  Effect.map(
    db.sql<Row>`
      with time as materialized (select ${db.now} as now),
        added as (
          insert into tasks (ref, account, status, added_at, since, updated_at)
          select ref, account, 'unknown', now, now, now from ${db.table(rows, unknownColumns)} as given, time
          on conflict (ref) do nothing returning seq, ref
        ),
        recorded as (
          insert into events (task_seq, kind, n, at)
          select seq, 'task.added', 1, now from added, time order by seq
        )
      select coalesce(json_agg(ref), '[]')::text as refs from added`,
    ([row = {}]) => json(row, "refs") as ReadonlyArray<string>
  )

/** SQLite numbers the tasks of a transaction in order, and after all others. */
const insertOnSqlite = Effect.fnUntraced(function* (db: Database, rows: ReadonlyArray<NewRow>) {
  const [before = {}] = yield* db.sql<Row>`select coalesce(max(seq), 0) as seq from tasks`
  const lastSeq = number(before, "seq")
  for (const [account, ofAccount] of Map.groupBy(rows, (row) => row.account))
    yield* db.sql`
      insert into tasks (ref, account, status, added_at, since, updated_at)
      select value, ${account}, 'unknown', now, now, now
      from ${db.values(ofAccount.map(({ ref }) => ref))} as given, (select ${db.now} as now) where true
      on conflict (ref) do nothing`
  const [added = {}] = yield* db.sql<Row>`select count(*) as count from tasks where seq > ${lastSeq}`
  if (number(added, "count") === 0) return []
  yield* db.sql`
    insert into events (task_seq, kind, n, at)
    select seq, 'task.added', 1, added_at from tasks where seq > ${lastSeq} order by seq`
  // Converting rows costs more than it seems, and usually all tasks are new.
  if (number(added, "count") === rows.length) return rows.map(({ ref }) => ref)
  const refs = yield* db.sql<Row>`select ref from tasks where seq > ${lastSeq} order by seq`
  return refs.map((row) => text(row, "ref"))
})

/** Adds tasks without a snapshot, and their events. Returns the refs that were added. */
const insertUnknown = Effect.fnUntraced(function* (db: Database, rows: ReadonlyArray<NewRow>) {
  const added = yield* db.isPostgres ? insertOnPostgres(db, rows) : insertOnSqlite(db, rows)
  if (added.length > 0) yield* db.hint([eventsHint])
  return added
})

/** Returns the row id of a task, which is added if it is missing. */
export const ensureTask = Effect.fnUntraced(function* (db: Database, ref: string) {
  yield* insertUnknown(db, [{ ref, account: refAccount(ref) }])
  const [row] = yield* db.sql<Row>`select seq from tasks where ref = ${ref}`
  if (row === undefined) return yield* Effect.die(new Error(`The task ${ref} is missing`))
  return number(row, "seq")
})

/** A new task and its account. */
interface AccountTask extends NewTask {
  readonly account: string
}

const addBatch = Effect.fnUntraced(function* (db: Database, tasks: ReadonlyArray<AccountTask>) {
  const snapshots = tasks.flatMap(({ snapshot: first }) => first ?? [])
  const unknown = tasks.flatMap(({ ref, account, snapshot: first }) =>
    first === undefined ? [{ ref, account }] : []
  )
  const added = [
    ...(unknown.length === 0 ? [] : yield* insertUnknown(db, unknown)),
    ...(snapshots.length === 0 ? [] : (yield* recordTasks(db, snapshots)).added)
  ]
  if (added.length > 0) yield* db.hint(tasks.map(({ account }) => account))
  return added
})

/** An open task. Its snapshot stays text until it is needed, because an owner takes over up to a million at once. */
class StoredTask implements OpenTask {
  readonly seq: number
  readonly ref: string
  readonly ageMs: number
  readonly dueInMs: number
  readonly polls: number
  readonly notFoundForMs: number | null
  readonly #snapshot: string | null

  constructor(row: Row) {
    this.seq = number(row, "seq")
    this.ref = text(row, "ref")
    this.ageMs = number(row, "age")
    this.dueInMs = number(row, "due_in")
    this.polls = number(row, "polls")
    this.notFoundForMs = numberOrNull(row, "not_found_for")
    this.#snapshot = textOrNull(row, "snapshot")
  }

  get snapshot(): TaskSnapshot | null {
    return this.#snapshot === null ? null : snapshotFromText(this.#snapshot)
  }
}

type TaskMethods = Pick<TrackerStoreService, "addTasks" | "openTasks" | "recordErrors" | "wake">

/** The methods for open tasks. */
export const taskMethods = (db: Database): TaskMethods => {
  const { sql, now } = db
  return {
    addTasks: (tasks) => {
      const unique = new Map<string, AccountTask>()
      for (const task of tasks) {
        const account = accountOf(task.ref)
        if (account === undefined)
          return Effect.fail(
            new StoreError({
              message: `Invalid task ref ${JSON.stringify(task.ref)}: expected provider:taskId.`,
              isRetryable: false
            })
          )
        unique.set(task.ref, { ...task, account })
      }
      const all = [...unique.values()]
      const batches = Array.from({ length: Math.ceil(all.length / batchSize) }, (_, index) =>
        all.slice(index * batchSize, (index + 1) * batchSize)
      )
      return Effect.map(
        Effect.forEach(batches, (batch) => db.writeEvents(addBatch(db, batch))),
        (added) => added.flat()
      )
    },

    recordErrors: (ownership, errors) => {
      const rows = errors.map(({ ref, error }) => ({ ref, error: error && storableText(error) }))
      return db.write(
        db.owned(
          ownership,
          sql`
            update tasks set poll_error = given.error
            from ${db.table(rows, { ref: "text", error: "text" })} as given
            where tasks.ref = given.ref and tasks.account = ${ownership.account}`
        )
      )
    },

    wake: (ref) => db.write(db.hint([ref])),

    // The time is selected in subqueries, so that it is computed once and not for each row.
    openTasks: (account, afterSeq, limit) =>
      db.read(
        Effect.map(
          sql<Row>`
            select seq, ref, snapshot, polls, (select ${now}) - added_at as age,
              coalesce(due_at - (select ${now}), 0) as due_in, (select ${now}) - not_found_since as not_found_for
            from tasks where account = ${account} and ended_at is null and seq > ${afterSeq}
            order by seq limit ${limit}`,
          (rows) => rows.map((row) => new StoredTask(row))
        )
      )
  }
}

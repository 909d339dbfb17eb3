import type { TaskSnapshot } from "@gentask/core"
import { searchTerms } from "@gentask/ledger/internal"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type { Database, Row } from "./Database.ts"
import { date, number, snapshot, text, textOrNull } from "./rows.ts"
import { storableText } from "./storableText.ts"
import { StoreError } from "./StoreError.ts"
import type { TaskFilter, TaskRecord, TrackerStoreService } from "./TrackerStore.ts"

/** A page of row ids, and the cursor of the next one. */
export interface FoundPage {
  readonly refs: ReadonlyArray<string>
  readonly cursor: string | null
}

/** Finds the refs of tasks. */
export type FindTasks = (filter: TaskFilter) => Effect.Effect<FoundPage, SqlError | StoreError>

const columns = `seq, ref, account, status, added_at, updated_at, ended_at, model, prompt, snapshot, save_state,
  save_error, poll_error`

type File = TaskRecord["files"][number]

const fileFromRow = (row: Row): File => ({
  path: text(row, "path"),
  kind: text(row, "kind"),
  role: text(row, "role"),
  mediaType: text(row, "media_type"),
  bytes: number(row, "bytes"),
  sha256: text(row, "sha256")
})

const taskFromRow = (row: Row, files: ReadonlyArray<File>): TaskRecord => ({
  ref: text(row, "ref"),
  account: text(row, "account"),
  status: text(row, "status"),
  addedAt: date(row, "added_at"),
  updatedAt: date(row, "updated_at"),
  endedAt: row["ended_at"] == null ? null : date(row, "ended_at"),
  model: textOrNull(row, "model"),
  prompt: textOrNull(row, "prompt"),
  snapshot: snapshot(row) satisfies TaskSnapshot | null,
  files,
  saveState: (textOrNull(row, "save_state") ?? "none") as TaskRecord["saveState"],
  lastError: textOrNull(row, "save_error") ?? textOrNull(row, "poll_error")
})

/** Finds tasks on Postgres. An index for trigrams, if there is one, makes the search fast. */
export const findOnPostgres =
  (db: Database): FindTasks =>
  ({ account, status, search, since, limit, cursor }) => {
    const { sql } = db
    const conditions: Array<Fragment> = [sql`true`]
    if (cursor !== undefined) conditions.push(sql`seq < ${Number(cursor)}`)
    if (account !== undefined) conditions.push(sql`account = ${storableText(account)}`)
    if (status !== undefined)
      conditions.push(sql`status in (select value from ${db.values(status)} as statuses)`)
    if (since !== undefined) conditions.push(sql`added_at >= ${since.getTime()}`)
    for (const word of searchTerms(search ?? "").words) {
      const pattern = `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`
      conditions.push(sql`gentask_search_text(ref, model, prompt, failure_message) ilike ${pattern}`)
    }
    return Effect.map(
      sql<Row>`select seq, ref from tasks where ${sql.and(conditions)} order by seq desc limit ${limit}`,
      (rows) => ({
        refs: rows.map((row) => text(row, "ref")),
        cursor: rows.length < limit ? null : text(rows.at(-1) ?? {}, "seq")
      })
    )
  }

type ReadMethods = Pick<TrackerStoreService, "task" | "tasks" | "forget" | "check">

/** The methods that list tasks. */
export const readMethods = (db: Database, find: FindTasks): ReadMethods => {
  const { sql } = db

  const readTasks = Effect.fnUntraced(function* (refs: ReadonlyArray<string>) {
    if (refs.length === 0) return []
    const given = db.values(refs)
    const rows = yield* sql<Row>`
      select ${sql.literal(columns)} from tasks where ref in (select value from ${given} as given) order by seq desc`
    const files = yield* sql<Row>`
      select * from files where task_seq in (select seq from tasks where ref in (select value from ${given} as given))
      order by path`
    const filesByTask = Map.groupBy(files, (row) => number(row, "task_seq"))
    return rows.map((row) => taskFromRow(row, (filesByTask.get(number(row, "seq")) ?? []).map(fileFromRow)))
  })

  return {
    task: (ref) => db.read(Effect.map(readTasks([ref]), ([task]) => task)),

    tasks: (filter) =>
      db.read(
        Effect.gen(function* () {
          if (filter.cursor !== undefined && !/^\d{1,15}$/.test(filter.cursor))
            return yield* new StoreError({
              message: `Invalid cursor "${filter.cursor}": expected the cursor of a page.`,
              isRetryable: false
            })
          const { refs, cursor } = yield* find(filter)
          return { tasks: yield* readTasks(refs), cursor }
        })
      ),

    forget: (ref) =>
      db.writeEvents(
        Effect.map(
          sql`delete from tasks where ref = ${storableText(ref)} returning seq`,
          (rows) => rows.length > 0
        )
      ),

    check: db.write(Effect.asVoid(sql`update gentask_migrations set name = name where migration_id = 1`))
  }
}

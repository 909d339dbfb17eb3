import type { SavedFile } from "@gentask/core"
import * as Effect from "effect/Effect"
import { addEvents } from "./addEvents.ts"
import type { Database, Row } from "./Database.ts"
import { number, snapshot, text } from "./rows.ts"
import { storableText } from "./storableText.ts"
import type { DueSave, TrackerStoreService } from "./TrackerStore.ts"

const fileColumns = {
  path: "text",
  kind: "text",
  role: "text",
  media_type: "text",
  bytes: "bigint",
  sha256: "text"
} as const

/** Records saved files of a task in the running transaction. */
export const recordFiles = (db: Database, taskSeq: number, files: ReadonlyArray<SavedFile>) => {
  const rows = files.map(({ path, mediaType, bytes, sha256, output: { kind, role } }) => ({
    path,
    kind,
    role,
    media_type: mediaType,
    bytes,
    sha256
  }))
  return db.sql<Row>`
    insert into files (task_seq, path, kind, role, media_type, bytes, sha256, saved_at)
    select ${taskSeq}, path, kind, role, media_type, bytes, sha256, ${db.now}
    from ${db.table(rows, fileColumns)} as added where true
    on conflict (task_seq, path) do update set kind = excluded.kind, role = excluded.role,
      media_type = excluded.media_type, bytes = excluded.bytes, sha256 = excluded.sha256, saved_at = excluded.saved_at
    where files.sha256 <> excluded.sha256
    returning path, bytes, sha256`
}

type SaveMethods = Pick<TrackerStoreService, "dueSaves" | "saved" | "saveFailed">

/** The methods for saving. */
export const saveMethods = (db: Database): SaveMethods => {
  const { sql, now } = db

  const saved = Effect.fnUntraced(function* (ref: string, files: ReadonlyArray<SavedFile>) {
    const changed = yield* sql<Row>`
      select seq, save_state from tasks where ref = ${ref}`
    const row = changed[0]
    if (row === undefined) return
    const seq = number(row, "seq")
    yield* recordFiles(db, seq, files)
    yield* sql`
      update tasks set save_state = 'saved', save_error = null, save_retry_at = null, updated_at = ${now}
      where seq = ${seq}`
    // A repetition, after an answer of the database was lost, adds no second event.
    if (row["save_state"] === "saved") return
    const body = {
      files: files.map(({ path, url, mediaType, bytes, sha256, output: { kind, role } }) => ({
        path,
        ...(url === undefined ? {} : { url }),
        kind,
        role,
        mediaType,
        bytes,
        sha256
      }))
    }
    yield* addEvents(db, [{ taskSeq: seq, kind: "task.all-saved", body }])
  })

  const saveFailed = Effect.fnUntraced(function* (ref: string, error: string, retryInMs: number | undefined) {
    const message = storableText(error)
    const rows = yield* sql<Row>`
      update tasks set save_attempts = save_attempts + 1, save_error = ${message}, updated_at = ${now},
        save_state = ${retryInMs === undefined ? "failed" : "due"},
        save_retry_at = ${now} + ${Math.round(retryInMs ?? 0)}
      where ref = ${ref} and save_state = 'due' returning seq, save_attempts`
    const row = rows[0]
    if (row === undefined || retryInMs !== undefined) return
    const body = { error: message, attempts: number(row, "save_attempts") }
    yield* addEvents(db, [{ taskSeq: number(row, "seq"), kind: "task.save-failed", body }])
  })

  return {
    dueSaves: (account, limit) =>
      db.read(
        Effect.map(
          sql<Row>`
            select ref, snapshot, save_attempts, save_due_at - ${now} as due_in from tasks
            where account = ${account} and save_state = 'due' and (save_retry_at is null or save_retry_at <= ${now})
            order by save_due_at limit ${limit}`,
          (rows) =>
            rows.flatMap((row): ReadonlyArray<DueSave> => {
              const recorded = snapshot(row)
              if (recorded === null) return []
              return [
                {
                  ref: text(row, "ref"),
                  snapshot: recorded,
                  attempts: number(row, "save_attempts"),
                  dueInMs: number(row, "due_in")
                }
              ]
            })
        )
      ),
    saved: (ownership, ref, files) => db.writeEvents(db.owned(ownership, saved(ref, files))),
    saveFailed: (ownership, ref, error, retryInMs) =>
      db.writeEvents(db.owned(ownership, saveFailed(ref, error, retryInMs)))
  }
}

import type { SavedFile, TaskSnapshot } from "@gentask/core"
import { refAccount } from "@gentask/core/internal"
import { addEvent } from "./addEvent.ts"
import type { Connection, Row } from "./Connection.ts"
import { encodeSnapshot, replacesSnapshot, searchableText, taskColumns } from "./taskColumns.ts"
import type { TaskOrigin } from "./taskColumns.ts"

const selectTask = "select seq, status, snapshot from tasks where ref = $ref"

const insertTask = `
  insert into tasks (ref, account, status, added_at, since, updated_at, ended_at, intent_seq, trace_id, model,
    cost_amount, cost_unit, failure_reason, failure_message, prompt, snapshot)
  values ($ref, $account, $status, $now, $now, $now, $endedAt, $intentSeq, $traceId, $model,
    $costAmount, $costUnit, $failureReason, $failureMessage, $prompt, $snapshot)`

const updateTask = `
  update tasks set account = $account, since = iif(status = $status, since, $now), status = $status, updated_at = $now,
    ended_at = iif($endedAt is null, null, coalesce(ended_at, $endedAt)),
    intent_seq = coalesce(intent_seq, $intentSeq), trace_id = coalesce(trace_id, $traceId),
    model = coalesce($model, model), prompt = coalesce($prompt, prompt),
    cost_amount = coalesce($costAmount, cost_amount), cost_unit = coalesce($costUnit, cost_unit),
    failure_reason = $failureReason, failure_message = $failureMessage, snapshot = $snapshot
  where ref = $ref`

const linkTask = `
  update tasks set intent_seq = $intentSeq, trace_id = coalesce(trace_id, $traceId), model = coalesce(model, $model),
    prompt = coalesce(prompt, $prompt)
  where ref = $ref and intent_seq is null`

const recordedSnapshot = (row: Row): string | null =>
  row["snapshot"] === null ? null : String(row["snapshot"])

/** Returns the last recorded snapshot of a task as JSON, or undefined. */
export const readSnapshot = (connection: Connection, ref: string): string | undefined => {
  const row = connection.get(selectTask, { ref })
  return row === undefined ? undefined : (recordedSnapshot(row) ?? undefined)
}

/** Checks whether a snapshot changes what is recorded about its task. */
export const isNews = (connection: Connection, snapshot: TaskSnapshot): boolean => {
  const row = connection.get(selectTask, { ref: snapshot.ref })
  return row === undefined || replacesSnapshot(recordedSnapshot(row), encodeSnapshot(snapshot))
}

const addStatusEvent = (
  connection: Connection,
  seq: number,
  { status, rawStatus }: TaskSnapshot,
  at: number
) => addEvent(connection, "task", { seq, kind: "task.status", at, body: { status, rawStatus } })

/** Records a snapshot in the running transaction. Returns the row id of its task. */
export const recordSnapshot = (
  connection: Connection,
  snapshot: TaskSnapshot,
  origin?: TaskOrigin
): number => {
  const now = Date.now()
  const json = encodeSnapshot(snapshot)
  const row = connection.get(selectTask, { ref: snapshot.ref })
  if (row === undefined) {
    const { rowId } = connection.run(insertTask, taskColumns(snapshot, json, origin, now))
    addStatusEvent(connection, rowId, snapshot, now)
    return rowId
  }
  const seq = Number(row["seq"])
  if (origin !== undefined) {
    const { intentSeq, traceId, model, prompt } = origin
    connection.run(linkTask, {
      ref: snapshot.ref,
      intentSeq,
      traceId,
      model: searchableText(model),
      prompt: searchableText(prompt)
    })
  }
  if (replacesSnapshot(recordedSnapshot(row), json)) {
    connection.run(updateTask, taskColumns(snapshot, json, undefined, now))
    if (row["status"] !== snapshot.status) addStatusEvent(connection, seq, snapshot, now)
  }
  return seq
}

const insertUnknownTask = `
  insert into tasks (ref, account, status, added_at, since, updated_at)
  values ($ref, $account, 'unknown', $now, $now, $now)`

const taskSeq = (connection: Connection, ref: string, now: number): number => {
  const row = connection.get(selectTask, { ref })
  if (row !== undefined) return Number(row["seq"])
  return connection.run(insertUnknownTask, { ref, account: refAccount(ref), now }).rowId
}

const upsertFile = `
  insert into files (task_seq, path, kind, role, media_type, bytes, sha256, saved_at)
  values ($seq, $path, $kind, $role, $mediaType, $bytes, $sha256, $now)
  on conflict do update set kind = excluded.kind, role = excluded.role, media_type = excluded.media_type,
    bytes = excluded.bytes, sha256 = excluded.sha256, saved_at = excluded.saved_at
  where sha256 <> excluded.sha256`

/** Records saved files in the running transaction. */
export const recordFiles = (connection: Connection, ref: string, files: ReadonlyArray<SavedFile>): void => {
  if (files.length === 0) return
  const now = Date.now()
  const seq = taskSeq(connection, ref, now)
  for (const { path, mediaType, bytes, sha256, output } of files) {
    const { kind, role } = output
    const { changes } = connection.run(upsertFile, { seq, path, kind, role, mediaType, bytes, sha256, now })
    if (changes > 0)
      addEvent(connection, "task", { seq, kind: "task.saved", at: now, body: { path, bytes, sha256 } })
  }
}

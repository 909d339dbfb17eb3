import { isTerminal } from "@gentask/core"
import type { SnapshotJson, TaskSnapshot } from "@gentask/core"
import { encodeSnapshot, replacesSnapshot, taskColumns } from "@gentask/ledger/internal"
import type { TaskOrigin } from "@gentask/ledger/internal"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { addEvents } from "./addEvents.ts"
import type { NewEvent } from "./addEvents.ts"
import type { ColumnType, Database, Row } from "./Database.ts"
import { number, text, textOrNull } from "./rows.ts"

/** The columns of a task that a snapshot determines. */
const columns = {
  ref: "text",
  account: "text",
  status: "text",
  terminal: "bigint",
  intent_seq: "bigint",
  trace_id: "text",
  model: "text",
  prompt: "text",
  cost_amount: "float8",
  cost_unit: "text",
  failure_reason: "text",
  failure_message: "text",
  snapshot: "text"
} as const satisfies Record<string, ColumnType>

interface EncodedTask {
  readonly snapshot: TaskSnapshot
  readonly json: SnapshotJson
}

const toRow = ({ snapshot, json }: EncodedTask, origin: TaskOrigin | undefined) => {
  const values = taskColumns(snapshot, json, origin, 0)
  return {
    ref: values.ref,
    account: values.account,
    status: values.status,
    terminal: isTerminal(snapshot.status) ? 1 : 0,
    intent_seq: values.intentSeq,
    trace_id: values.traceId,
    model: values.model,
    prompt: values.prompt,
    cost_amount: values.costAmount,
    cost_unit: values.costUnit,
    failure_reason: values.failureReason,
    failure_message: values.failureMessage,
    snapshot: values.snapshot
  }
}

/** The event of a status. That of an ended task contains the snapshot, since it is the last one. */
const statusEvent = (taskSeq: number, { snapshot, json }: EncodedTask): NewEvent => {
  const { status, rawStatus, progress } = snapshot
  const body = isTerminal(status) ? { status, rawStatus, task: json } : { status, rawStatus, progress }
  return { taskSeq, kind: "task.status", body }
}

const insertTasks = (db: Database, tasks: ReadonlyArray<EncodedTask>, origin: TaskOrigin | undefined) => {
  const added = db.table(
    tasks.map((task) => toRow(task, origin)),
    columns
  )
  return db.sql<Row>`
    insert into tasks (ref, account, status, added_at, since, updated_at, ended_at, intent_seq, trace_id, model, prompt,
      cost_amount, cost_unit, failure_reason, failure_message, snapshot)
    select ref, account, status, ${db.now}, ${db.now}, ${db.now}, case when terminal = 1 then ${db.now} end, intent_seq,
      trace_id, model, prompt, cost_amount, cost_unit, failure_reason, failure_message, snapshot
    from ${added} as added where true
    on conflict (ref) do nothing
    returning seq, ref`
}

const updateTasks = (db: Database, tasks: ReadonlyArray<EncodedTask>) => {
  const changed = db.table(
    tasks.map((task) => toRow(task, undefined)),
    columns
  )
  return db.sql`
    update tasks set
      since = case when tasks.status = changed.status then tasks.since else ${db.now} end,
      status = changed.status, updated_at = ${db.now},
      ended_at = case when changed.terminal = 1 then coalesce(tasks.ended_at, ${db.now}) end,
      model = coalesce(changed.model, tasks.model), prompt = coalesce(changed.prompt, tasks.prompt),
      cost_amount = coalesce(changed.cost_amount, tasks.cost_amount),
      cost_unit = coalesce(changed.cost_unit, tasks.cost_unit),
      failure_reason = changed.failure_reason, failure_message = changed.failure_message,
      snapshot = changed.snapshot
    from ${changed} as changed where tasks.ref = changed.ref`
}

const linkTasks = (db: Database, seqs: ReadonlyArray<number>, origin: TaskOrigin) => db.sql`
  update tasks set intent_seq = ${origin.intentSeq}, trace_id = coalesce(trace_id, ${origin.traceId}),
    model = coalesce(model, ${origin.model}), prompt = coalesce(prompt, ${origin.prompt})
  where seq in (select cast(value as bigint) from ${db.values(seqs.map(String))} as linked) and intent_seq is null`

/** What was recorded. */
export interface RecordedTasks {
  /** Row ids by ref, of all tasks that exist now. */
  readonly seqs: ReadonlyMap<string, number>
  /** The refs of tasks that did not exist before. */
  readonly added: ReadonlyArray<string>
}

/**
 * Records snapshots in the running transaction of `writeEvents`, by the rules of the ledger, with the events of changed
 * statuses.
 *
 * @param snapshots One of each task.
 * @param options.origin The intent that the tasks were submitted with.
 * @param options.isKnownOnly Whether missing tasks stay missing.
 */
export const recordTasks = Effect.fnUntraced(function* (
  db: Database,
  snapshots: ReadonlyArray<TaskSnapshot>,
  options: { readonly origin?: TaskOrigin | undefined; readonly isKnownOnly?: boolean } = {}
): Effect.fn.Return<RecordedTasks, SqlError> {
  const { origin, isKnownOnly = false } = options
  const refs = db.values(snapshots.map(({ ref }) => ref))
  const known = yield* db.sql<Row>`
    select seq, ref, status, snapshot from tasks where ref in (select value from ${refs} as given)`
  const rows = new Map(known.map((row) => [text(row, "ref"), row]))
  const seqs = new Map(known.map((row) => [text(row, "ref"), number(row, "seq")]))
  const missing: Array<EncodedTask> = []
  const changed: Array<EncodedTask> = []
  for (const snapshot of snapshots) {
    const task = { snapshot, json: encodeSnapshot(snapshot) }
    const row = rows.get(snapshot.ref)
    if (row === undefined) missing.push(task)
    else if (replacesSnapshot(textOrNull(row, "snapshot"), task.json)) changed.push(task)
  }
  const events: Array<NewEvent> = []
  const added: Array<string> = []
  if (missing.length > 0 && !isKnownOnly) {
    for (const row of yield* insertTasks(db, missing, origin)) {
      seqs.set(text(row, "ref"), number(row, "seq"))
      added.push(text(row, "ref"))
    }
    for (const task of missing) {
      const seq = seqs.get(task.snapshot.ref)
      if (seq === undefined) continue
      events.push({
        taskSeq: seq,
        kind: origin === undefined ? "task.added" : "task.submitted",
        body: null,
        isFirst: true
      })
      events.push({ ...statusEvent(seq, task), isFirst: true })
    }
  }
  if (origin !== undefined && known.length > 0)
    yield* linkTasks(
      db,
      [...rows.values()].map((row) => number(row, "seq")),
      origin
    )
  if (changed.length > 0) {
    yield* updateTasks(db, changed)
    for (const task of changed) {
      const row = rows.get(task.snapshot.ref)
      if (row !== undefined && row["status"] !== task.snapshot.status)
        events.push(statusEvent(number(row, "seq"), task))
    }
  }
  yield* addEvents(db, events)
  return { seqs, added }
})

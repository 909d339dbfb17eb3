import { intentFromRow } from "./intents.ts"
import type { Connection, Row } from "./Connection.ts"
import type { LedgerEvent, LedgerFile, LedgerTaskDetails } from "./LedgerTask.ts"
import { selectTasks, taskFromRow } from "./listTasks.ts"

const selectTask = `${selectTasks} where tasks.ref = $ref`
const selectStored = "select intent_seq, snapshot from tasks where ref = $ref"
const selectIntent = "select * from intents where seq = $seq"
const selectEvents = "select * from events where task_seq = $task or intent_seq = $intent order by seq"
const selectFiles = "select * from files where task_seq = $task order by path"

const selectFilesByDigest = "select * from files where sha256 = $sha256 order by saved_at desc limit 20"

const eventFromRow = (row: Row, ref: string, intentId: string | undefined): LedgerEvent => {
  const owner = row["task_seq"] === null ? intentId : ref
  return {
    id: `${owner}/${row["kind"]}/${row["n"]}`,
    kind: row["kind"] as LedgerEvent["kind"],
    at: new Date(Number(row["at"])),
    body: row["body"] === null ? null : (JSON.parse(String(row["body"])) as LedgerEvent["body"])
  }
}

const fileFromRow = (row: Row): LedgerFile => ({
  path: String(row["path"]),
  kind: row["kind"] as LedgerFile["kind"],
  role: row["role"] as LedgerFile["role"],
  mediaType: String(row["media_type"]),
  bytes: Number(row["bytes"]),
  sha256: String(row["sha256"]),
  savedAt: new Date(Number(row["saved_at"]))
})

/** Everything about a task, with its snapshot as JSON text. */
export interface StoredTaskDetails extends Omit<LedgerTaskDetails, "snapshot"> {
  readonly snapshot: string | null
}

/** Returns everything about a task, or undefined if it is not in the ledger. */
export const showTask = (connection: Connection, ref: string): StoredTaskDetails | undefined => {
  const row = connection.get(selectTask, { ref })
  if (row === undefined) return undefined
  const stored = connection.get(selectStored, { ref })
  const intentSeq = stored?.["intent_seq"] ?? null
  const intentRow = intentSeq === null ? undefined : connection.get(selectIntent, { seq: intentSeq })
  const intent = intentRow === undefined ? null : intentFromRow(intentRow)
  const task = Number(row["seq"])
  return {
    task: taskFromRow(row),
    snapshot: stored?.["snapshot"] === null ? null : String(stored?.["snapshot"]),
    intent,
    events: connection
      .all(selectEvents, { task, intent: intentSeq })
      .map((event) => eventFromRow(event, ref, intent?.id)),
    files: connection.all(selectFiles, { task }).map(fileFromRow)
  }
}

/** Returns the saved files with a digest, the newest first. */
export const findFiles = (connection: Connection, sha256: string): ReadonlyArray<LedgerFile> =>
  connection.all(selectFilesByDigest, { sha256 }).map(fileFromRow)

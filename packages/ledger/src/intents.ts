import type { Intent, IntentFilter, IntentOutcome, NewIntent } from "@gentask/core"
import { traceIdOf } from "@gentask/core/internal"
import { addEvent } from "./addEvent.ts"
import type { Connection, Row } from "./Connection.ts"
import { LedgerError } from "./LedgerError.ts"
import { recordSnapshot } from "./recordSnapshot.ts"

const insertIntent = `
  insert into intents (id, account, idempotency_key, state, created_at, origin, model, digest, owner, trace_id, prompt,
    files, input, can_replay)
  values ($id, $account, $idempotencyKey, 'pending', $createdAt, $origin, $model, $digest, $owner, $traceId, $prompt,
    $files, $input, $canReplay)
  on conflict (account, idempotency_key) do update set
    state = 'pending', attempts = 0, created_at = excluded.created_at, settled_at = null, origin = excluded.origin,
    model = excluded.model, digest = excluded.digest, owner = excluded.owner, trace_id = excluded.trace_id,
    prompt = excluded.prompt, error = null, files = excluded.files, input = excluded.input,
    can_replay = excluded.can_replay
  where state = 'rejected'`

const selectByKey = "select * from intents where account = $account and idempotency_key = $idempotencyKey"
const selectById = "select * from intents where id = $id"
const selectByRef =
  "select intents.* from intents join tasks on tasks.intent_seq = intents.seq where tasks.ref = $ref"
const selectUnsettled =
  "select * from intents where state in ('pending', 'unknown') and state in (select value from json_each($states)) and ($account is null or account = $account) order by seq desc"
const selectAll =
  "select * from intents where state in (select value from json_each($states)) and ($account is null or account = $account) order by seq desc"

const updateIntent = `
  update intents set state = $state, error = $error, attempts = $attempts, settled_at = $now, refs = $refs
  where seq = $seq`

const text = (row: Row, column: string): string => String(row[column])
const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : text(row, column)
const parse = (row: Row, column: string): unknown => JSON.parse(text(row, column))
const date = (row: Row, column: string): Date => new Date(Number(row[column]))

/** Converts a row of the table of intents. */
export const intentFromRow = (row: Row): Intent => ({
  id: text(row, "id"),
  idempotencyKey: text(row, "idempotency_key"),
  account: text(row, "account"),
  origin: text(row, "origin"),
  model: text(row, "model"),
  prompt: textOrNull(row, "prompt"),
  input: parse(row, "input") as Intent["input"],
  files: parse(row, "files") as Intent["files"],
  digest: text(row, "digest"),
  canReplay: row["can_replay"] === 1,
  owner: text(row, "owner"),
  // The name of the column is older than its content.
  traceparent: textOrNull(row, "trace_id"),
  createdAt: date(row, "created_at"),
  state: text(row, "state") as Intent["state"],
  refs: parse(row, "refs") as Intent["refs"],
  error: row["error"] === null ? null : (parse(row, "error") as Intent["error"]),
  attempts: Number(row["attempts"]),
  settledAt: row["settled_at"] === null ? null : date(row, "settled_at")
})

/**
 * Adds an intent in the running transaction, unless its account has one with the same key. A rejected one is replaced, and
 * keeps its id.
 */
export const beginIntent = (
  connection: Connection,
  intent: NewIntent
): { readonly isNew: boolean; readonly intent: Intent } => {
  const { id, account, idempotencyKey, origin, model, digest, owner, traceparent, prompt } = intent
  const { changes } = connection.run(insertIntent, {
    id,
    account,
    idempotencyKey,
    origin,
    model,
    digest,
    owner,
    traceId: traceparent,
    prompt,
    createdAt: intent.createdAt.getTime(),
    files: JSON.stringify(intent.files),
    input: JSON.stringify(intent.input),
    canReplay: intent.canReplay ? 1 : 0
  })
  const row = connection.get(selectByKey, { account, idempotencyKey })
  if (row === undefined) throw new Error("The intent is missing after it was inserted")
  return { isNew: changes > 0, intent: intentFromRow(row) }
}

/** Records an outcome and its tasks in the running transaction. */
export const settleIntent = (connection: Connection, intentId: string, outcome: IntentOutcome): void => {
  const row = connection.get(selectById, { id: intentId })
  if (row === undefined)
    throw new LedgerError({ path: connection.path, reason: { _tag: "IntentNotFound", intentId } })
  const intent = intentFromRow(row)
  if (intent.state === "accepted") return
  const seq = Number(row["seq"])
  const now = Date.now()
  const { state, attempts } = outcome
  const refs = outcome.state === "accepted" ? outcome.tasks.map(({ ref }) => ref) : []
  const error = outcome.state === "accepted" ? null : outcome.error
  connection.run(updateIntent, {
    seq,
    state,
    attempts,
    now,
    error: error === null ? null : JSON.stringify(error),
    refs: JSON.stringify(refs)
  })
  addEvent(connection, "intent", { seq, kind: `intent.${state}`, at: now, body: { refs, error, attempts } })
  if (outcome.state !== "accepted") return
  const { model, prompt } = intent
  const traceId = traceIdOf(intent.traceparent)
  for (const task of outcome.tasks) {
    const taskSeq = recordSnapshot(connection, task, { intentSeq: seq, traceId, model, prompt })
    addEvent(connection, "task", { seq: taskSeq, kind: "task.submitted", at: now, body: { intentId } })
  }
}

/** Finds an intent by its id, or by the ref of one of its tasks. */
export const findIntent = (connection: Connection, idOrRef: string): Intent | undefined => {
  const row = connection.get(selectById, { id: idOrRef }) ?? connection.get(selectByRef, { ref: idOrRef })
  return row === undefined ? undefined : intentFromRow(row)
}

/** Finds the intent of an account with an idempotency key. */
export const findIntentByKey = (
  connection: Connection,
  account: string,
  idempotencyKey: string
): Intent | undefined => {
  const row = connection.get(selectByKey, { account, idempotencyKey })
  return row === undefined ? undefined : intentFromRow(row)
}

/** Returns intents, the newest first. */
export const listIntents = (
  connection: Connection,
  { states = ["pending", "accepted", "rejected", "unknown"], account }: IntentFilter = {}
): ReadonlyArray<Intent> => {
  const isUnsettled = states.every((state) => state === "pending" || state === "unknown")
  return connection
    .all(isUnsettled ? selectUnsettled : selectAll, {
      states: JSON.stringify(states),
      account: account ?? null
    })
    .map(intentFromRow)
}

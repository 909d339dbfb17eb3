import type { Connection } from "./Connection.ts"
import type { LedgerEventKind } from "./LedgerTask.ts"

const sql = (owner: "task_seq" | "intent_seq"): string => `
  insert into events (${owner}, kind, n, at, body)
  select $owner, $kind, 1 + count(*), $at, $body from events where ${owner} = $owner and kind = $kind`

const statements = { task: sql("task_seq"), intent: sql("intent_seq") }

/** Adds the next event of a kind to a task or to an intent, in the running transaction. */
export const addEvent = (
  connection: Connection,
  owner: keyof typeof statements,
  event: { readonly seq: number; readonly kind: LedgerEventKind; readonly at: number; readonly body?: object }
): void => {
  const { seq, kind, at, body } = event
  connection.run(statements[owner], {
    owner: seq,
    kind,
    at,
    body: body === undefined ? null : JSON.stringify(body)
  })
}

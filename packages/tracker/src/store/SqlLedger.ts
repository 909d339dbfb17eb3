import type { Intent, IntentOutcome, Ledger, NewIntent } from "@gentask/core"
import { traceIdOf } from "@gentask/core/internal"
import { intentFromRow, searchableText } from "@gentask/ledger/internal"
import * as Effect from "effect/Effect"
import type { Database, Row } from "./Database.ts"
import { recordTasks } from "./recordTasks.ts"
import { number, snapshot } from "./rows.ts"
import { recordFiles } from "./saves.ts"
import { StoreError } from "./StoreError.ts"
import { storableText } from "./storableText.ts"
import { ensureTask } from "./tasks.ts"

type LedgerRow = Parameters<typeof intentFromRow>[0]

const toIntent = (row: Row): Intent => intentFromRow(row as LedgerRow)

const allStates = ["pending", "accepted", "rejected", "unknown"] as const

const begin = Effect.fnUntraced(function* (db: Database, intent: NewIntent) {
  const { sql } = db
  const { id, account, idempotencyKey, origin, model, digest, owner, traceparent, prompt } = intent
  const inserted = yield* sql<Row>`
    insert into intents (id, account, idempotency_key, state, created_at, origin, model, digest, owner, trace_id, prompt,
      files, input, can_replay)
    values (${id}, ${account}, ${idempotencyKey}, 'pending', ${intent.createdAt.getTime()}, ${origin},
      ${storableText(model)}, ${digest}, ${owner}, ${traceparent}, ${prompt === null ? null : storableText(prompt)},
      ${JSON.stringify(intent.files)}, ${JSON.stringify(intent.input)}, ${intent.canReplay ? 1 : 0})
    on conflict (account, idempotency_key) do update set
      state = 'pending', attempts = 0, created_at = excluded.created_at, settled_at = null, origin = excluded.origin,
      model = excluded.model, digest = excluded.digest, owner = excluded.owner, trace_id = excluded.trace_id,
      prompt = excluded.prompt, error = null, files = excluded.files, input = excluded.input,
      can_replay = excluded.can_replay
    where intents.state = 'rejected'
    returning *`
  const [added] = inserted
  if (added !== undefined) return { isNew: true, intent: toIntent(added) }
  const [recorded] = yield* sql<Row>`
    select * from intents where account = ${account} and idempotency_key = ${idempotencyKey}`
  if (recorded !== undefined) return { isNew: false, intent: toIntent(recorded) }
  return yield* new StoreError({ message: "The intent could not be recorded. Try again.", isRetryable: true })
})

const missingIntent = (intentId: string): StoreError =>
  new StoreError({
    message: `The ledger has no intent ${intentId}. Record it with begin first.`,
    isRetryable: false
  })

const settle = Effect.fnUntraced(function* (db: Database, intentId: string, outcome: IntentOutcome) {
  const { sql, now } = db
  const [row] = yield* sql<Row>`select * from intents where id = ${intentId} for update`
  if (row === undefined) return yield* missingIntent(intentId)
  const intent = toIntent(row)
  if (intent.state === "accepted") return undefined
  const seq = number(row, "seq")
  const { state, attempts } = outcome
  const refs = outcome.state === "accepted" ? outcome.tasks.map(({ ref }) => ref) : []
  const error = outcome.state === "accepted" ? null : outcome.error
  yield* sql`
    update intents set state = ${state}, error = ${error === null ? null : JSON.stringify(error)},
      attempts = ${attempts}, settled_at = ${now}, refs = ${JSON.stringify(refs)}
    where seq = ${seq}`
  yield* sql`
    insert into events (intent_seq, kind, n, at, body)
    select ${seq}, ${`intent.${state}`}, 1 + count(*), ${now}, ${JSON.stringify({ refs, error, attempts })}
    from events where intent_seq = ${seq} and kind = ${`intent.${state}`}`
  if (outcome.state !== "accepted") return undefined
  const { model, prompt } = intent
  const traceId = traceIdOf(intent.traceparent)
  const origin = { intentSeq: seq, traceId, model: searchableText(model), prompt: searchableText(prompt) }
  yield* recordTasks(db, outcome.tasks, { origin })
  return yield* db.hint([intent.account])
})

/**
 * Creates the ledger of a Postgres database, for core's submits. A promise rejects with a `StoreError` if the database
 * fails.
 */
export const makeSqlLedger = (db: Database): Ledger => {
  const { sql } = db
  let isClosed = false
  const run = async <A>(effect: Effect.Effect<A, StoreError>): Promise<A> => {
    if (isClosed)
      throw new StoreError({ message: "The ledger is closed. Open it again.", isRetryable: false })
    return Effect.runPromise(effect)
  }
  const count = async (rows: Effect.Effect<ReadonlyArray<Row>, StoreError>): Promise<number> => {
    const [row] = await run(rows)
    return row === undefined ? 0 : number(row, "count")
  }
  return {
    begin: (intent) => run(db.write(begin(db, intent))),
    settle: (intentId, outcome) => run(db.writeEvents(settle(db, intentId, outcome))),
    intent: async (idOrRef) => {
      const [row] = await run(
        db.read(sql<Row>`
          select intents.* from intents
          where id = ${idOrRef} or seq = (select intent_seq from tasks where ref = ${idOrRef})
          order by id = ${idOrRef} desc limit 1`)
      )
      return row === undefined ? undefined : toIntent(row)
    },
    intentByKey: async (account, idempotencyKey) => {
      const [row] = await run(
        db.read(sql<Row>`
          select * from intents where account = ${account} and idempotency_key = ${idempotencyKey}`)
      )
      return row === undefined ? undefined : toIntent(row)
    },
    intents: async ({ states = allStates, account } = {}) => {
      const ofAccount = account === undefined ? sql.literal("") : sql`and account = ${account}`
      const isUnsettled = states.every((state) => state === "pending" || state === "unknown")
      // The index of intents without a known outcome is small.
      const unsettled = sql.literal(isUnsettled ? "and state in ('pending', 'unknown')" : "")
      const rows = await run(
        db.read(sql<Row>`
          select * from intents
          where state in (select value from ${db.values(states)} as states) ${unsettled} ${ofAccount}
          order by seq desc`)
      )
      return rows.map(toIntent)
    },
    record: (snapshot) => run(db.writeEvents(Effect.asVoid(recordTasks(db, [snapshot])))),
    snapshot: async (ref) => {
      const [row] = await run(db.read(sql<Row>`select snapshot from tasks where ref = ${ref}`))
      return row === undefined ? undefined : (snapshot(row) ?? undefined)
    },
    recordSaved: async (ref, files) => {
      if (files.length === 0) return
      await run(
        db.writeEvents(
          Effect.gen(function* () {
            const seq = yield* ensureTask(db, ref)
            yield* recordFiles(db, seq, files)
          })
        )
      )
    },
    countActive: (account) =>
      count(
        db.read(sql<Row>`select count(*) as count from tasks where account = ${account} and ended_at is null`)
      ),
    countSubmits: (since) =>
      count(
        db.read(sql<Row>`
          select count(*) as count from intents where state <> 'rejected' and created_at >= ${since.getTime()}`)
      ),
    close: async () => {
      isClosed = true
    }
  }
}

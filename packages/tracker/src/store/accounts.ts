import * as Effect from "effect/Effect"
import type { Database, Row } from "./Database.ts"
import { json, number, numberOrNull, text, textOrNull } from "./rows.ts"
import { storableText } from "./storableText.ts"
import type { SpentBudget } from "./Ownership.ts"
import type { Ownership, SpentRequests, TaskProgress, TrackerStoreService } from "./TrackerStore.ts"

/**
 * What counts as spent now. Ages are kept relative to the time of their record, so that a clock that was set back does
 * not make requests younger than they were.
 */
const spentNow = (row: Row): SpentRequests => {
  const elapsedMs = number(row, "elapsed_ms")
  const aged = ({ agesMs, pausedForMs }: SpentBudget): SpentBudget => ({
    agesMs: agesMs.map((ageMs) => ageMs + elapsedMs),
    pausedForMs: Math.max(0, pausedForMs - elapsedMs)
  })
  const spent = json(row, "spent") as SpentRequests
  return spent.submits === undefined ? aged(spent) : { ...aged(spent), submits: aged(spent.submits) }
}

const progressColumns = {
  ref: "text",
  due_in: "bigint",
  polls: "bigint",
  not_found_for: "bigint"
} as const

/** Without further conditions, which would make SQLite read all progress for each task of the account. */
const recordProgress = (db: Database, progress: ReadonlyArray<TaskProgress>) => {
  const rows = progress.map(({ ref, dueInMs, polls, notFoundForMs }) => ({
    ref,
    polls,
    due_in: Math.round(dueInMs),
    not_found_for: notFoundForMs === null ? null : Math.round(notFoundForMs)
  }))
  return db.sql`
    update tasks set due_at = ${db.now} + given.due_in, polls = given.polls,
      not_found_since = ${db.now} - given.not_found_for
    from ${db.table(rows, progressColumns)} as given
    where tasks.ref = given.ref`
}

type AccountMethods = Pick<TrackerStoreService, "take" | "reserve" | "release" | "accounts">

/** The methods for owners of accounts. */
export const accountMethods = (db: Database): AccountMethods => {
  const { sql, now } = db

  const record = (ownership: Ownership, spent: SpentRequests, lastError: string | null) => sql<Row>`
    update accounts set spent = ${JSON.stringify(spent)}, spent_at = ${now}, seen_at = ${now},
      last_error = ${lastError && storableText(lastError)}
    where account = ${ownership.account} and epoch = ${ownership.epoch} returning epoch`

  return {
    take: (account, owner) =>
      db.write(
        Effect.gen(function* () {
          yield* sql`insert into accounts (account, epoch) values (${account}, 0) on conflict (account) do nothing`
          const rows = yield* sql<Row>`
            update accounts set epoch = epoch + 1, owner = ${owner}, seen_at = ${now} where account = ${account}
            returning epoch, spent,
              case when ${now} > spent_at then ${now} - spent_at else 0 end as elapsed_ms`
          const row = rows[0]
          if (row === undefined) return yield* Effect.die(new Error(`The account ${account} is missing`))
          // The previous owner may have died while it sent them.
          yield* sql`
            update outbox set due_at = ${now}, is_leased = 0
            where account = ${account} and due_at is not null and is_leased = 1`
          return {
            account,
            epoch: number(row, "epoch"),
            spent: spentNow(row)
          }
        })
      ),

    reserve: (ownership, spent, lastError = null) =>
      db.write(Effect.map(record(ownership, spent, lastError), (rows) => rows.length > 0)),

    release: (ownership, spent, progress) =>
      db.write(
        Effect.gen(function* () {
          const rows = yield* record(ownership, spent, null)
          if (rows.length === 0) return false
          yield* sql`update accounts set owner = null where account = ${ownership.account}`
          yield* recordProgress(db, progress)
          return true
        })
      ),

    accounts: db.read(
      Effect.map(
        sql<Row>`
          select names.account, coalesce(accounts.epoch, 0) as epoch, accounts.owner, accounts.last_error,
            ${now} - accounts.seen_at as seen_ago,
            (select count(*) from tasks where tasks.account = names.account and ended_at is null) as open_tasks,
            (select count(*) from tasks where tasks.account = names.account and save_state = 'due') as due_saves
          from (select account from accounts union select account from tasks where ended_at is null) as names
            left join accounts on accounts.account = names.account
          order by names.account`,
        (rows) =>
          rows.map((row) => ({
            account: text(row, "account"),
            epoch: number(row, "epoch"),
            owner: textOrNull(row, "owner"),
            seenMsAgo: numberOrNull(row, "seen_ago"),
            lastError: textOrNull(row, "last_error"),
            openTasks: number(row, "open_tasks"),
            dueSaves: number(row, "due_saves")
          }))
      )
    )
  }
}

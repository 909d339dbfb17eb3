import type { TaskStatus } from "@gentask/core"
import type { Connection, Row } from "./Connection.ts"
import { LedgerError } from "./LedgerError.ts"
import type { LedgerTask } from "./LedgerTask.ts"
import { searchTerms } from "./searchTerms.ts"

/** Which tasks to list. */
export interface ListOptions {
  /**
   * Words that all occur in the prompt, the model, the ref or the failure message. Case does not matter, and no character
   * is an operator. Words of one or two characters are searched in at most 10,000 tasks for each page.
   *
   * @default every task
   */
  readonly search?: string | undefined
  /** Only tasks with one of these statuses. @default all */
  readonly status?: TaskStatus | ReadonlyArray<TaskStatus> | undefined
  /** Only tasks of this account, as in a task ref. @default all */
  readonly account?: string | undefined
  /** Only tasks that were added at this time or later. @default all */
  readonly since?: Date | undefined
  /** Only tasks that were added before this time. @default all */
  readonly until?: Date | undefined
  /** The maximum number of tasks, from 1 to 1000. @default 50 */
  readonly limit?: number | undefined
  /** The `nextCursor` of the previous page. @default the newest tasks */
  readonly cursor?: string | undefined
}

/** A page of tasks, the newest first. */
export interface TaskPage {
  /** The tasks. There may be fewer than `limit` although there is another page. */
  readonly tasks: ReadonlyArray<LedgerTask>
  /** The `cursor` of the next page. Null if this is the last page. */
  readonly nextCursor: string | null
}

/** How many tasks are compared with words that the index cannot find. */
const maxScanned = 10_000

const defaultLimit = 50
const maxLimit = 1000

const filters = `
  ($account is null or account = $account)
  and ($statuses is null or status in (select value from json_each($statuses)))
  and ($since is null or added_at >= $since)
  and ($until is null or added_at < $until)`

// The index contains every column of the filters, and is much smaller than the table.
const fromTable = `
  select seq from tasks indexed by tasks_list where seq < $before and ${filters} order by seq desc limit $max`

const fromIndex = `
  select tasks.seq as seq from tasks_search cross join tasks on tasks.seq = tasks_search.rowid
  where tasks_search match $search and tasks_search.rowid < $before and ${filters}
  order by tasks_search.rowid desc limit $max`

const withTexts = (candidates: string): string => `
  select tasks.seq, concat_ws(char(10), tasks.ref, tasks.model, tasks.prompt, tasks.failure_message) as texts
  from (${candidates}) as candidates cross join tasks on tasks.seq = candidates.seq order by candidates.seq desc`

/** The columns of a task. */
export const selectTasks = `
  select tasks.seq, tasks.ref, tasks.account, tasks.status, tasks.added_at, tasks.since, tasks.ended_at, tasks.model,
    tasks.prompt, tasks.cost_amount, tasks.cost_unit, tasks.failure_reason, tasks.failure_message, tasks.trace_id,
    intents.id as intent_id, (select count(*) from files where task_seq = tasks.seq) as file_count
  from tasks left join intents on intents.seq = tasks.intent_seq`

const selectPage = `${selectTasks} where tasks.seq in (select value from json_each($seqs)) order by tasks.seq desc`

/** Converts a row of `selectTasks`. */
export const taskFromRow = (row: Row): LedgerTask => ({
  ref: String(row["ref"]),
  account: String(row["account"]),
  status: row["status"] as TaskStatus,
  addedAt: new Date(Number(row["added_at"])),
  since: new Date(Number(row["since"])),
  endedAt: row["ended_at"] === null ? null : new Date(Number(row["ended_at"])),
  intentId: row["intent_id"] as string | null,
  model: row["model"] as string | null,
  prompt: row["prompt"] as string | null,
  cost: row["cost_amount"] === null ? null : { amount: Number(row["cost_amount"]), unit: String(row["cost_unit"]) },
  failure:
    row["failure_reason"] === null
      ? null
      : {
          reason: row["failure_reason"] as NonNullable<LedgerTask["failure"]>["reason"],
          message: row["failure_message"] as string | null
        },
  traceId: row["trace_id"] as string | null,
  fileCount: Number(row["file_count"])
})

/** The row ids of a page, the newest first, and that of the last row that was looked at if there may be more. */
interface Page {
  readonly seqs: ReadonlyArray<number>
  readonly last: number | undefined
}

const scan = (
  connection: Connection,
  candidates: string,
  parameters: Record<string, string | number | null>,
  { words, limit }: { readonly words: ReadonlyArray<string>; readonly limit: number }
): Page => {
  const seqs: Array<number> = []
  let scanned = 0
  let last = 0
  for (const row of connection.iterate(withTexts(candidates), { ...parameters, max: maxScanned })) {
    const texts = String(row["texts"]).toLowerCase()
    scanned += 1
    last = Number(row["seq"])
    if (words.every((word) => texts.includes(word)) && seqs.push(last) === limit) return { seqs, last }
  }
  return { seqs, last: scanned === maxScanned ? last : undefined }
}

const findPage = (connection: Connection, options: ListOptions, limit: number, before: number): Page => {
  const { search = "", status, account, since, until } = options
  const { indexed, scanned: words } = searchTerms(search)
  const candidates = indexed === null ? fromTable : fromIndex
  const statuses = typeof status === "string" ? [status] : status
  const parameters = {
    ...(indexed === null ? {} : { search: indexed }),
    before,
    account: account ?? null,
    statuses: statuses === undefined ? null : JSON.stringify(statuses),
    since: since?.getTime() ?? null,
    until: until?.getTime() ?? null
  }
  if (words.length > 0) return scan(connection, candidates, parameters, { words, limit })
  const rows = connection.all(candidates, { ...parameters, max: limit })
  const seqs = rows.map(({ seq }) => Number(seq))
  return { seqs, last: seqs.length === limit ? seqs.at(-1) : undefined }
}

/** Returns a page of tasks. */
export const listTasks = (connection: Connection, options: ListOptions): TaskPage => {
  const { limit = defaultLimit, cursor, since, until } = options
  const check = (isValid: boolean, option: keyof ListOptions, expected: string): void => {
    if (!isValid)
      throw new LedgerError({ path: connection.path, reason: { _tag: "InvalidOption", option, expected } })
  }
  check(Number.isInteger(limit) && limit >= 1 && limit <= maxLimit, "limit", `1 to ${maxLimit}`)
  check(cursor === undefined || /^\d{1,15}$/.test(cursor), "cursor", "the nextCursor of a page")
  check(!Number.isNaN(since?.getTime()), "since", "a valid date")
  check(!Number.isNaN(until?.getTime()), "until", "a valid date")
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
  const { seqs, last } = findPage(connection, options, limit, before)
  return {
    tasks: connection.all(selectPage, { seqs: JSON.stringify(seqs) }).map(taskFromRow),
    nextCursor: last === undefined ? null : String(last)
  }
}

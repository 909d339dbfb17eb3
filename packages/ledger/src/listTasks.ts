import type { TaskStatus } from "@gentask/core"
import type { Connection, Row } from "./Connection.ts"
import { findTasks } from "./findTasks.ts"
import { LedgerError } from "./LedgerError.ts"
import type { LedgerTask } from "./LedgerTask.ts"

/** Which tasks to list. */
export interface ListOptions {
  /**
   * Words that all occur in the prompt, the model, the ref or the failure message. Case does not matter, and no character
   * is an operator. The first 16 words are used, and the first 64 characters of each.
   *
   * Words of one or two characters, and searches with another option, are compared with at most 5,000 tasks for each page.
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

const defaultLimit = 50
const maxLimit = 1000

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
  cost:
    row["cost_amount"] === null
      ? null
      : { amount: Number(row["cost_amount"]), unit: String(row["cost_unit"]) },
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

/** Returns a page of tasks. */
export const listTasks = (connection: Connection, options: ListOptions): TaskPage => {
  const { search = "", status, account, since, until, limit = defaultLimit, cursor } = options
  const check = (isValid: boolean, option: keyof ListOptions, expected: string): void => {
    if (!isValid)
      throw new LedgerError({ path: connection.path, reason: { _tag: "InvalidOption", option, expected } })
  }
  check(Number.isInteger(limit) && limit >= 1 && limit <= maxLimit, "limit", `1 to ${maxLimit}`)
  check(cursor === undefined || /^\d{1,15}$/.test(cursor), "cursor", "the nextCursor of a page")
  check(!Number.isNaN(since?.getTime()), "since", "a valid date")
  check(!Number.isNaN(until?.getTime()), "until", "a valid date")
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
  const { seqs, last } = findTasks(connection, { search, status, account, since, until, limit, before })
  return {
    tasks: connection.all(selectPage, { seqs: JSON.stringify(seqs) }).map(taskFromRow),
    nextCursor: last === undefined ? null : String(last)
  }
}

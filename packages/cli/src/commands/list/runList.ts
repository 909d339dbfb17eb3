import type { TaskStatus } from "@gentask/core"
import type { LedgerTask, SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import { readLedger, requiredLedger } from "../../ledger/requiredLedger.ts"
import { formatTaskList } from "../../output/formatTaskList.ts"
import { painterFor } from "../../output/paint.ts"
import { jsonLine } from "../../output/sanitize.ts"
import { terminalSize } from "../../output/terminalSize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { findTracker } from "../../tracker/findTracker.ts"
import type { Handler } from "../lazyHandler.ts"

/** Which tasks to list. */
export interface TaskFilter {
  readonly search: string | undefined
  readonly status: ReadonlyArray<TaskStatus>
  readonly account: string | undefined
  readonly since: Date | undefined
  readonly limit: number
}

export interface ListInput extends TaskFilter {
  readonly json: boolean
  readonly server: string | undefined
}

/** Returns tasks until the limit. A page may have fewer than its limit although there is another one. */
export const listTasks = async (
  ledger: SqliteLedger,
  { search, status, account, since, limit }: TaskFilter
): Promise<ReadonlyArray<LedgerTask>> => {
  const tasks: Array<LedgerTask> = []
  let cursor: string | undefined
  do {
    const page = await ledger.list({
      search,
      status: status.length === 0 ? undefined : status,
      account,
      since,
      limit: limit - tasks.length,
      cursor
    })
    tasks.push(...page.tasks)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined && tasks.length < limit)
  return tasks
}

const printTasks = (tasks: ReadonlyArray<LedgerTask>, json: boolean): void => {
  if (json) {
    for (const { intentId: intent, ...task } of tasks)
      process.stdout.write(`${jsonLine({ ...task, intent })}\n`)
  } else if (tasks.length === 0) process.stderr.write("No task was found.\n")
  else {
    const { stdout } = process
    // Without a terminal, another program reads the table, so nothing is shortened.
    const columns = stdout.isTTY ? terminalSize(stdout).columns : Infinity
    const view = { columns, now: Date.now(), paint: painterFor(stdout) }
    stdout.write(`${formatTaskList(tasks, view).join("\n")}\n`)
  }
}

/** Lists recorded tasks. */
export const runList: Handler<ListInput> = (input) =>
  Effect.gen(function* () {
    const tracker = yield* findTracker({ server: input.server })
    if (tracker !== undefined) {
      const { listRemotely } = yield* Effect.promise(() => import("../../tracker/remoteRecords.ts"))
      printTasks(yield* listRemotely(tracker, input), input.json)
      return exitStatus.success
    }
    const ledger = yield* requiredLedger("No task can be listed.")
    printTasks(yield* readLedger(() => listTasks(ledger, input)), input.json)
    const unsettled = yield* readLedger(() => ledger.intents({ states: ["pending", "unknown"] }))
    if (unsettled.length > 0) {
      const [subject, verb] = unsettled.length === 1 ? ["submit", "has"] : ["submits", "have"]
      process.stderr.write(
        `${unsettled.length} ${subject} ${verb} no known outcome. To check: gentask reconcile\n`
      )
    }
    return exitStatus.success
  }).pipe(Effect.scoped)

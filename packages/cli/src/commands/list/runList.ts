import type { TaskStatus } from "@gentask/core"
import type { LedgerTask, SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import { readLedger, requiredLedger } from "../../ledger/requiredLedger.ts"
import { formatAge, formatCost } from "../../output/formatCells.ts"
import { paintStatus, painterFor } from "../../output/paint.ts"
import { printTable } from "../../output/printTable.ts"
import { jsonLine, oneLine } from "../../output/sanitize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import type { Handler } from "../lazyHandler.ts"

export interface ListInput {
  readonly search: string | undefined
  readonly status: ReadonlyArray<TaskStatus>
  readonly account: string | undefined
  readonly since: Date | undefined
  readonly limit: number
  readonly json: boolean
}

const maxPromptLength = 120

/** Returns tasks until the limit. A page may have fewer than its limit although there is another one. */
const listTasks = async (
  ledger: SqliteLedger,
  { search, status, account, since, limit }: ListInput
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

const toRow = (task: LedgerTask, now: number): ReadonlyArray<string> => {
  const { ref, status, addedAt, model, prompt, cost, fileCount } = task
  return [
    oneLine(ref),
    paintStatus(painterFor(process.stdout), status),
    formatAge(now - addedAt.getTime()),
    oneLine(model ?? "", maxPromptLength),
    formatCost(cost),
    fileCount === 0 ? "" : String(fileCount),
    oneLine(prompt ?? "", maxPromptLength)
  ]
}

/** Lists recorded tasks. */
export const runList: Handler<ListInput> = (input) =>
  Effect.gen(function* () {
    const ledger = yield* requiredLedger("No task can be listed.")
    const tasks = yield* readLedger(() => listTasks(ledger, input))
    if (input.json) {
      for (const { intentId: intent, ...task } of tasks)
        process.stdout.write(`${jsonLine({ ...task, intent })}\n`)
    } else if (tasks.length === 0) process.stderr.write("No task was found.\n")
    else {
      const now = Date.now()
      const titles = ["REF", "STATUS", "AGE", "MODEL", "COST", "FILES", "PROMPT"]
      // The ref is shortened last, because other commands need it.
      printTable(
        titles,
        tasks.map((task) => toRow(task, now)),
        [6, 3, 0]
      )
    }
    const unsettled = yield* readLedger(() => ledger.intents({ states: ["pending", "unknown"] }))
    if (unsettled.length > 0) {
      const [subject, verb] = unsettled.length === 1 ? ["submit", "has"] : ["submits", "have"]
      process.stderr.write(
        `${unsettled.length} ${subject} ${verb} no known outcome. To check: gentask reconcile\n`
      )
    }
    return exitStatus.success
  }).pipe(Effect.scoped)

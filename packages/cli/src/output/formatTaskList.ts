import type { LedgerTask } from "@gentask/ledger"
import stringWidth from "fast-string-width"
import { fitTable } from "./fitTable.ts"
import { formatAge, formatCost } from "./formatCells.ts"
import { paintStatus } from "./paint.ts"
import type { Paint } from "./paint.ts"
import { oneLine } from "./sanitize.ts"

/** How a list is shown. */
export interface TaskListView {
  /** The width of the terminal. */
  readonly columns: number
  /** In milliseconds since 1970. */
  readonly now: number
  readonly paint: Paint
}

const titles = ["STATUS", "AGE", "MODEL", "COST", "FILES", "PROMPT"]
const modelColumn = 2
const promptColumn = 5
const maxTextLength = 120

const cellsOf = (
  { status, addedAt, model, prompt, cost, fileCount }: LedgerTask,
  { now, paint }: TaskListView
): ReadonlyArray<string> => [
  paintStatus(paint, status),
  formatAge(now - addedAt.getTime()),
  oneLine(model ?? "", maxTextLength),
  formatCost(cost),
  fileCount === 0 ? "" : String(fileCount),
  oneLine(prompt ?? "", maxTextLength)
]

const isTooWide = (lines: ReadonlyArray<string>, columns: number): boolean =>
  lines.some((line) => stringWidth(line) > columns)

/**
 * Formats tasks as a table. Prompts and models are shortened if it is wider than the terminal. Refs are not, because other
 * commands need them: if there is still no room, each is on a line of its own, above the other columns.
 */
export const formatTaskList = (
  tasks: ReadonlyArray<LedgerTask>,
  view: TaskListView
): ReadonlyArray<string> => {
  const { columns, paint } = view
  const head = titles.map((title) => paint("bold", title))
  const rows = tasks.map((task) => ({ ref: oneLine(task.ref), cells: cellsOf(task, view) }))
  const table = fitTable(
    [[paint("bold", "REF"), ...head], ...rows.map(({ ref, cells }) => [ref, ...cells])],
    { columns, shrinkColumns: [promptColumn + 1, modelColumn + 1], position: "end" }
  )
  if (!isTooWide(table, columns)) return table
  const [headLine = "", ...lines] = fitTable([head, ...rows.map(({ cells }) => cells)], {
    columns: columns - 2,
    shrinkColumns: [promptColumn, modelColumn],
    position: "end"
  })
  return [`  ${headLine}`, ...lines.flatMap((line, index) => [rows[index]?.ref ?? "", `  ${line}`])]
}

import cliTruncate from "cli-truncate"
import stringWidth from "fast-string-width"
import { formatTable } from "./formatTable.ts"

/** How a table fits a terminal. */
export interface TableFit {
  /** The width of the terminal. */
  readonly columns: number
  /** The indexes of the columns whose cells are shortened if the table is too wide: the first one first. */
  readonly shrinkColumns: ReadonlyArray<number>
  /** Where cells are shortened. @default "middle" */
  readonly position?: "middle" | "end"
}

const minCellWidth = 8

const widthOf = (lines: ReadonlyArray<string>): number =>
  Math.max(0, ...lines.map((line) => stringWidth(line)))

/** Formats rows with aligned columns. Shortens the cells of some columns if the table is wider than the terminal. */
export const fitTable = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  { columns, shrinkColumns, position = "middle" }: TableFit
): ReadonlyArray<string> => {
  const lines = formatTable(rows)
  const excess = widthOf(lines) - columns
  const [column, ...others] = shrinkColumns
  if (excess <= 0 || column === undefined) return lines
  const width = Math.max(minCellWidth, widthOf(rows.map((row) => row[column] ?? "")) - excess)
  const shortened = rows.map((row) =>
    row.map((cell, index) => (index === column ? cliTruncate(cell, width, { position }) : cell))
  )
  return fitTable(shortened, { columns, shrinkColumns: others, position })
}

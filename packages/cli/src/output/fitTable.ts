import cliTruncate from "cli-truncate"
import stringWidth from "fast-string-width"
import { formatTable } from "./formatTable.ts"

/** How a table fits a terminal. */
export interface TableFit {
  /** The width of the terminal. */
  readonly columns: number
  /** The index of the column whose cells are shortened if the table is too wide. */
  readonly shrinkColumn: number
}

const minCellWidth = 8

const widthOf = (lines: ReadonlyArray<string>): number =>
  Math.max(0, ...lines.map((line) => stringWidth(line)))

/** Formats rows with aligned columns. Shortens the cells of one column if the table is wider than the terminal. */
export const fitTable = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  { columns, shrinkColumn }: TableFit
): ReadonlyArray<string> => {
  const lines = formatTable(rows)
  const excess = widthOf(lines) - columns
  if (excess <= 0) return lines
  const width = Math.max(minCellWidth, widthOf(rows.map((row) => row[shrinkColumn] ?? "")) - excess)
  return formatTable(
    rows.map((row) =>
      row.map((cell, index) =>
        index === shrinkColumn ? cliTruncate(cell, width, { position: "middle" }) : cell
      )
    )
  )
}

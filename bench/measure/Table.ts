/** Columns and rows of text. Every column but the first is aligned to the right. */
export interface Table {
  readonly title: string
  /** What a reader must know to understand the table. */
  readonly note: string
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/** Renders a table as Markdown that is aligned, so that it is readable in a terminal. */
export const renderTable = ({ title, note, columns, rows }: Table): string => {
  const widths = columns.map((column, index) =>
    Math.max(column.length, 3, ...rows.map((row) => row[index]?.length ?? 0))
  )
  const line = (cells: ReadonlyArray<string>): string =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join(" | ")} |`
  const rule = `| ${widths.map((width, index) => (index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`
  return [`### ${title}`, "", note, "", line(columns), rule, ...rows.map(line), ""].join("\n")
}

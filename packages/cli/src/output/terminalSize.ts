/** The size of a terminal. Some terminals report 0 columns and rows, and then have the usual size. */
export const terminalSize = ({
  columns,
  rows
}: Pick<NodeJS.WriteStream, "columns" | "rows">): { readonly columns: number; readonly rows: number } => ({
  columns: columns || 80,
  rows: rows || 24
})

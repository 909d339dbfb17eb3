import { fitTable } from "./fitTable.ts"
import { painterFor } from "./paint.ts"
import { terminalSize } from "./terminalSize.ts"

/**
 * Prints a table on the standard output. It fits the terminal. Without a terminal, another program reads it, so nothing is
 * shortened.
 */
export const printTable = (
  titles: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  shrinkColumns: ReadonlyArray<number>
): void => {
  const { stdout } = process
  const paint = painterFor(stdout)
  const columns = stdout.isTTY ? terminalSize(stdout).columns : Infinity
  const head = titles.map((title) => paint("bold", title))
  stdout.write(`${fitTable([head, ...rows], { columns, shrinkColumns, position: "end" }).join("\n")}\n`)
}

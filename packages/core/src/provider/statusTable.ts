/** A vendor's words for where a task stands, as a table. */
import type { TaskStatus } from "../task/TaskStatus.ts"

/** The vendor's words, by what they mean. */
export type StatusWords = Readonly<Partial<Record<TaskStatus, ReadonlyArray<string>>>>

/** Reads a vendor's word; no word, and one that nobody knows, is `unknown`. */
export type StatusTable = (word: string | null | undefined) => TaskStatus

const tables = new WeakMap<StatusWords, StatusTable>()

const makeTable = (words: StatusWords): StatusTable => {
  const table = new Map<string, TaskStatus>()
  for (const [status, synonyms] of Object.entries(words)) {
    for (const synonym of synonyms) table.set(synonym.toLowerCase(), status as TaskStatus)
  }
  return (word) => table.get((word ?? "").trim().toLowerCase()) ?? "unknown"
}

/** Makes a lookup from a vendor's words to statuses, once for each table: blanks and case do not matter. */
export const statusTable = (words: StatusWords): StatusTable => {
  const known = tables.get(words)
  if (known !== undefined) return known
  const made = makeTable(words)
  tables.set(words, made)
  return made
}

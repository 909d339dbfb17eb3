/** A vendor's words for where a task stands, as a table. */
import type { TaskStatus } from "../task/TaskStatus.ts"

/** Makes a lookup from a vendor's words to statuses: blanks and case do not matter, and an unknown word is `unknown`. */
export const statusTable = (
  words: Readonly<Partial<Record<TaskStatus, ReadonlyArray<string>>>>
): ((word: string | null | undefined) => TaskStatus) => {
  const table = new Map<string, TaskStatus>()
  for (const [status, synonyms] of Object.entries(words)) {
    for (const synonym of synonyms) table.set(synonym.toLowerCase(), status as TaskStatus)
  }
  return (word) => table.get((word ?? "").trim().toLowerCase()) ?? "unknown"
}

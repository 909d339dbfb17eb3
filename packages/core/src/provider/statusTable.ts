import type { TaskStatus } from "../task/TaskStatus.ts"
import { commonStatus, foldWord } from "./commonStatus.ts"

/** A vendor's words for each status. Case and separators are ignored: `IN_QUEUE` and `in queue` are the same word. */
export type StatusWords = Readonly<Partial<Record<TaskStatus, ReadonlyArray<string>>>>

/**
 * Looks up the status of a vendor's word: in the table, and else among the words that many vendors use. Returns `unknown`
 * for an absent word and for any other.
 */
export type StatusTable = (word: string | null | undefined) => TaskStatus

const tables = new WeakMap<StatusWords, StatusTable>()

const createTable = (words: StatusWords): StatusTable => {
  const table = new Map<string, TaskStatus>()
  for (const [status, synonyms] of Object.entries(words)) {
    for (const synonym of synonyms) table.set(foldWord(synonym), status as TaskStatus)
  }
  return (word) => (word == null ? "unknown" : (table.get(foldWord(word)) ?? commonStatus(word) ?? "unknown"))
}

/**
 * Creates a lookup from a vendor's words to statuses. The table wins over {@link commonStatus}, which knows the usual
 * words of other vendors. Core does this for the `rawStatus` of a draft without a `status`, so a provider needs it only if
 * `decode` itself depends on the status.
 *
 * ```ts
 * const statusOf = statusTable({ running: ["processing"], succeeded: ["completed"] })
 * statusOf("Processing") // "running"
 * statusOf("SUCCEEDED") // "succeeded", a common word
 * statusOf("paused") // "unknown"
 * ```
 *
 * @param words The vendor's words. The lookup is cached per object.
 */
export const statusTable = (words: StatusWords): StatusTable => {
  const cached = tables.get(words)
  if (cached !== undefined) return cached
  const table = createTable(words)
  tables.set(words, table)
  return table
}

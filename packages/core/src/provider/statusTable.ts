import type { TaskStatus } from "../task/TaskStatus.ts"

/** A vendor's words for each status. Case and surrounding whitespace are ignored. */
export type StatusWords = Readonly<Partial<Record<TaskStatus, ReadonlyArray<string>>>>

/** Looks up the status of a vendor's word. Returns `unknown` for an absent word and for one that the table does not have. */
export type StatusTable = (word: string | null | undefined) => TaskStatus

const tables = new WeakMap<StatusWords, StatusTable>()

const createTable = (words: StatusWords): StatusTable => {
  const table = new Map<string, TaskStatus>()
  for (const [status, synonyms] of Object.entries(words)) {
    for (const synonym of synonyms) table.set(synonym.toLowerCase(), status as TaskStatus)
  }
  return (word) => table.get((word ?? "").trim().toLowerCase()) ?? "unknown"
}

/**
 * Creates a lookup from a vendor's words to statuses. Core does this for the `rawStatus` of a draft without a `status`,
 * so a provider needs it only if `decode` itself depends on the status.
 *
 * ```ts
 * const statusOf = statusTable({ running: ["processing"], succeeded: ["completed"] })
 * statusOf("Processing") // "running"
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

import { DatabaseSync } from "node:sqlite"

/** Returns the problems that SQLite finds in a ledger, its full-text index included. */
export const checkIntegrity = (path: string): ReadonlyArray<unknown> => {
  const database = new DatabaseSync(path)
  try {
    database.exec("insert into tasks_search (tasks_search, rank) values ('integrity-check', 1)")
    const rows = database.prepare("pragma integrity_check").all()
    return [
      ...rows.map((row) => row["integrity_check"]).filter((result) => result !== "ok"),
      ...database.prepare("pragma foreign_key_check").all()
    ]
  } finally {
    database.close()
  }
}

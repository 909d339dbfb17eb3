import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs"
import { dirname } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { Connection } from "./Connection.ts"
import { LedgerError } from "./LedgerError.ts"
import { loadSqlite } from "./loadSqlite.ts"
import { migrate, readSchemaVersion } from "./migrate.ts"
import { toLedgerError } from "./toLedgerError.ts"

/**
 * How long SQLite itself waits for a lock, in milliseconds. It blocks the process meanwhile, so `Connection` does most of
 * the waiting.
 */
const blockingTimeoutMs = 10

/** Writes above this size of the write-ahead log, in bytes, are followed by a truncation when the log is reset. */
const maxLogBytes = 16 * 1024 * 1024

/** Syncs the folder, so that a new file in it survives a crash of the machine. Windows cannot open folders. */
const syncFolder = (path: string): void => {
  if (process.platform === "win32") return
  const folder = openSync(dirname(path), "r")
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Creates the file and its folder for this user only. Returns whether the file has any content. */
const prepareFile = (path: string): boolean => {
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // SQLite creates its other files with the same mode.
  closeSync(openSync(path, "a", 0o600))
  if (statSync(path).size > 0) return true
  syncFolder(path)
  return false
}

/**
 * Reads the version without write access, because even closing a writable connection may change the file.
 *
 * @throws {LedgerError} If the database belongs to another program or to a later version of gentask.
 */
const checkVersion = (database: DatabaseSync, path: string): void => {
  const connection = new Connection(database, path, 0)
  try {
    database.exec(`pragma busy_timeout = ${blockingTimeoutMs}`)
    readSchemaVersion(connection)
  } catch (error) {
    // The writable connection finds all other problems.
    if (error instanceof LedgerError) throw error
  } finally {
    connection.close()
  }
}

const configure = (connection: Connection): void => {
  // Other journal modes are safe too. SQLite keeps them where the file system does not support shared memory.
  connection.get("pragma journal_mode = wal")
  connection.execute(`
    pragma synchronous = full;
    pragma fullfsync = on;
    pragma checkpoint_fullfsync = on;
    pragma foreign_keys = on;
    pragma journal_size_limit = ${maxLogBytes};
  `)
}

/** Opens the database of a ledger, and creates or updates its tables. */
export const openConnection = async (path: string, busyTimeoutMs: number): Promise<Connection> => {
  let connection: Connection | undefined
  try {
    const { DatabaseSync } = loadSqlite()
    if (prepareFile(path)) checkVersion(new DatabaseSync(path, { readOnly: true }), path)
    const database = new DatabaseSync(path)
    connection = new Connection(database, path, busyTimeoutMs)
    database.exec(`pragma busy_timeout = ${blockingTimeoutMs}`)
    const opened = connection
    await opened.outsideTransaction(() => configure(opened))
    await migrate(opened)
    return opened
  } catch (error) {
    connection?.close()
    throw toLedgerError(path, error)
  }
}

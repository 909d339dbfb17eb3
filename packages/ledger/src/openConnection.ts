import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, realpathSync, statSync } from "node:fs"
import { dirname } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
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

/** The maximum size that the file of the write-ahead log keeps after a checkpoint, in bytes. */
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

/** The minimum size of a page, in bytes. SQLite takes a smaller file for an empty one, and would overwrite it. */
const minPageBytes = 512

/** Creates the file and its folder for this user only. Returns whether the file has any content. */
const prepareFile = (path: string): boolean => {
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // SQLite creates its other files with the same mode.
  closeSync(openSync(path, "a", 0o600))
  const { size } = statSync(path)
  if (size >= minPageBytes) return true
  if (size > 0)
    throw new LedgerError({ path, reason: { _tag: "Corrupt", detail: `it has ${size} bytes only` } })
  syncFolder(path)
  return false
}

/** Opens a database for reading. Creates no file beside it, unless another process left or uses one. */
const openForReading = ({ DatabaseSync }: typeof import("node:sqlite"), path: string): DatabaseSync => {
  if (existsSync(`${realpathSync(path)}-wal`)) return new DatabaseSync(path, { readOnly: true })
  const url = pathToFileURL(path)
  url.searchParams.set("immutable", "1")
  return new DatabaseSync(url, { readOnly: true })
}

/**
 * Reads the version without write access, because closing a writable connection may change the file.
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
    const sqlite = loadSqlite()
    if (prepareFile(path)) checkVersion(openForReading(sqlite, path), path)
    const database = new sqlite.DatabaseSync(path)
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

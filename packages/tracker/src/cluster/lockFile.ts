import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { loadSqlite, trackerInfoPath, trackerLockPath } from "@gentask/ledger/internal"
import { TrackerRunning } from "./TrackerRunning.ts"

/** What other processes of this machine can read about the tracker that uses a SQLite file. */
export interface RunningTracker {
  readonly pid: number
  /** Null until it listens. */
  readonly url: string | null
}

/** The exclusive use of a SQLite file by one tracker. */
export interface TrackerLock {
  /** Writes the URL, for local commands. */
  readonly publish: (url: string) => void
  readonly release: () => void
}

/** Reads the published information about the tracker of a file, which may have been killed. Undefined if it is missing. */
export const readRunningTracker = (path: string): RunningTracker | undefined => {
  try {
    const { pid, url } = JSON.parse(readFileSync(trackerInfoPath(path), "utf8")) as Partial<RunningTracker>
    return typeof pid === "number" ? { pid, url: typeof url === "string" ? url : null } : undefined
  } catch {
    return undefined
  }
}

const writeInfo = (path: string, info: RunningTracker): void => {
  const temporary = `${trackerInfoPath(path)}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(info), { mode: 0o600 })
  renameSync(temporary, trackerInfoPath(path))
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && (error.errcode === 5 || error.errcode === 6)

/**
 * Takes the exclusive use of a SQLite file. The lock is an open transaction on a file beside it, which the operating
 * system ends with the process, also after kill -9.
 *
 * @throws {TrackerRunning} If another tracker uses the file.
 */
export const acquireTrackerLock = (path: string): TrackerLock => {
  mkdirSync(dirname(path), { recursive: true })
  const { DatabaseSync } = loadSqlite()
  const database = new DatabaseSync(trackerLockPath(path))
  try {
    database.exec("begin exclusive")
    writeInfo(path, { pid: process.pid, url: null })
  } catch (error) {
    database.close()
    if (!isBusy(error)) throw error
    throw new TrackerRunning(path, readRunningTracker(path) ?? { pid: null, url: null })
  }
  return {
    publish: (url) => writeInfo(path, { pid: process.pid, url }),
    release: () => {
      rmSync(trackerInfoPath(path), { force: true })
      database.close()
    }
  }
}

import type { DurationInput, DurationStore, Ledger } from "@gentask/core"
import type { LedgerFile, LedgerTaskDetails } from "./LedgerTask.ts"
import type { ListOptions, TaskPage } from "./listTasks.ts"
import type { PruneResult } from "./prune.ts"

/** Which records to delete. */
export interface PruneOptions {
  /** Deletes tasks that ended longer ago than this. @default "365 days" */
  readonly olderThan?: DurationInput | undefined
}

/** The size of a ledger. */
export interface LedgerInfo {
  /** The absolute path of the file. */
  readonly path: string
  /** The size of the database, in bytes. */
  readonly bytes: number
  /** The part of the size that deleted records have left. `vacuum` frees it. */
  readonly freeBytes: number
  /** The version of the tables. */
  readonly schemaVersion: number
  /** The number of tasks. */
  readonly tasks: number
  /** The number of intents. */
  readonly intents: number
}

/**
 * A ledger in a SQLite file. Every method rejects with a `LedgerError` if the file cannot be read or written. While
 * another process locks the file, methods wait for up to `busyTimeout` without blocking this process.
 */
export interface SqliteLedger extends Ledger {
  /** The absolute path of the file. */
  readonly path: string
  /**
   * The durations of past tasks, for `PollPolicy.learned`. Recorded durations are written one second later, and when the
   * ledger is closed.
   */
  readonly durations: DurationStore.DurationStore
  /**
   * Returns a page of tasks, the newest first.
   *
   * ```ts
   * const { tasks, nextCursor } = await ledger.list({ search: "red panda", status: ["failed", "expired"] })
   * ```
   */
  readonly list: (options?: ListOptions) => Promise<TaskPage>
  /**
   * Returns everything that the ledger knows about a task, or undefined if it is not in the ledger.
   *
   * @param ref The task ref.
   */
  readonly show: (ref: string) => Promise<LedgerTaskDetails | undefined>
  /**
   * Returns up to 20 saved files with a digest, the newest first. They may have been deleted since.
   *
   * @param sha256 The SHA-256 digest, in hexadecimal.
   */
  readonly findFiles: (sha256: string) => Promise<ReadonlyArray<LedgerFile>>
  /**
   * Deletes old tasks that have ended, with their events and the records of their files, and settled intents without
   * tasks. The idempotency key of a deleted intent may be used again. Tasks that have not ended and intents without a known
   * outcome are never deleted, and neither are the saved files themselves.
   *
   * Nothing is deleted unless this method is called.
   */
  readonly prune: (options?: PruneOptions) => Promise<PruneResult>
  /** Returns the disk space of deleted records to the file system. Needs as much free space as the file has. */
  readonly vacuum: () => Promise<void>
  /** Returns the size of the ledger. */
  readonly info: () => Promise<LedgerInfo>
  /** Closes the ledger. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

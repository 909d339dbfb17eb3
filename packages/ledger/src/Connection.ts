import { statSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import { LedgerError } from "./LedgerError.ts"
import type { LedgerErrorReason } from "./LedgerError.ts"
import { StatementCache } from "./StatementCache.ts"
import { isBusy, toLedgerError } from "./toLedgerError.ts"

/** A row, by the names of its columns. */
export type Row = Readonly<Record<string, string | number | null>>

/** The values of a statement's parameters, by name without `$`. */
export type Parameters = Record<string, SQLInputValue>

/**
 * - `full`: a write survives a crash of the machine when its promise resolves
 * - `normal`: a crash of the machine may lose the last writes. A crash of the process loses none
 */
export type Durability = "full" | "normal"

/** Identifies a file, also if another one has its path. */
const fileId = (path: string): string => {
  const stats = statSync(path, { throwIfNoEntry: false })
  return `${stats?.dev}:${stats?.ino}`
}

/** How many prepared statements are kept. */
const maxStatements = 64

const minDelayMs = 2
const maxDelayMs = 50

/** A SQLite database. Reads and writes wait without blocking the process while another process locks the file. */
export class Connection {
  readonly path: string
  readonly #database: DatabaseSync
  readonly #busyTimeoutMs: number
  readonly #fileId: string
  readonly #statements: StatementCache
  #durability: Durability = "full"

  constructor(database: DatabaseSync, path: string, busyTimeoutMs: number) {
    this.#database = database
    this.#statements = new StatementCache(database, maxStatements)
    this.path = path
    this.#busyTimeoutMs = busyTimeoutMs
    this.#fileId = fileId(path)
  }

  get isOpen(): boolean {
    return this.#database.isOpen
  }

  /** Returns all rows of a query. */
  all(sql: string, parameters: Parameters = {}): ReadonlyArray<Row> {
    return this.#statements.prepare(sql).all(parameters) as ReadonlyArray<Row>
  }

  /** Returns the first row of a query. */
  get(sql: string, parameters: Parameters = {}): Row | undefined {
    return this.#statements.prepare(sql).get(parameters) as Row | undefined
  }

  /** Runs a statement. Returns the number of rows that it changed, without those that triggers changed, and the last row id. */
  run(sql: string, parameters: Parameters = {}): { readonly changes: number; readonly rowId: number } {
    const { changes, lastInsertRowid } = this.#statements.prepare(sql).run(parameters)
    return { changes: Number(changes), rowId: Number(lastInsertRowid) }
  }

  /** Runs several statements that return no rows. */
  execute(sql: string): void {
    this.#database.exec(sql)
  }

  /** Reads in one transaction, so that all rows are of the same moment. Tries again while the file is locked. */
  read<A>(operation: () => A): Promise<A> {
    return this.#retry(() => this.#transaction("begin", operation))
  }

  /** Writes in one transaction. Tries again while the file is locked, so `operation` must change the database only. */
  write<A>(durability: Durability, operation: () => A): Promise<A> {
    return this.#retry(() => {
      // SQLite would write to the deleted file, and the record would be lost when the process exits.
      if (fileId(this.path) !== this.#fileId) throw this.#error({ _tag: "FileMoved" })
      if (durability !== this.#durability) {
        this.#database.exec(`pragma synchronous = ${durability}`)
        this.#durability = durability
      }
      return this.#transaction("begin immediate", operation)
    })
  }

  /** Runs statements that cannot be in a transaction. Tries again while the file is locked. */
  outsideTransaction<A>(operation: () => A): Promise<A> {
    return this.#retry(operation)
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  #transaction<A>(begin: string, operation: () => A): A {
    this.#database.exec(begin)
    try {
      const result = operation()
      this.#database.exec("commit")
      return result
    } catch (error) {
      // SQLite itself rolls back after some errors.
      if (this.#database.isTransaction) this.#database.exec("rollback")
      throw error
    }
  }

  async #retry<A>(operation: () => A): Promise<A> {
    // Not the wall clock, which may be set back.
    const deadline = performance.now() + this.#busyTimeoutMs
    for (let delay = minDelayMs; ; delay = Math.min(2 * delay, maxDelayMs)) {
      if (!this.isOpen) throw this.#error({ _tag: "Closed" })
      try {
        return operation()
      } catch (error) {
        if (!isBusy(error)) throw toLedgerError(this.path, error)
        if (performance.now() >= deadline)
          throw this.#error({ _tag: "Busy", timeoutMs: this.#busyTimeoutMs }, error)
      }
      await sleep(delay * (0.5 + Math.random()))
    }
  }

  #error(reason: LedgerErrorReason, cause?: unknown): LedgerError {
    return new LedgerError({ path: this.path, reason, cause })
  }
}

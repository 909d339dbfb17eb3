import type { DatabaseSync, StatementSync } from "node:sqlite"

/** The prepared statements of a connection. Searches have many different ones, so the least recently used is dropped. */
export class StatementCache {
  readonly #database: DatabaseSync
  readonly #maxStatements: number
  readonly #statements = new Map<string, StatementSync>()

  /** @param maxStatements How many prepared statements are kept. */
  constructor(database: DatabaseSync, maxStatements: number) {
    this.#database = database
    this.#maxStatements = maxStatements
  }

  prepare(sql: string): StatementSync {
    const prepared = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.delete(sql)
    this.#statements.set(sql, prepared)
    const [oldest] = this.#statements.keys()
    if (this.#statements.size > this.#maxStatements && oldest !== undefined) this.#statements.delete(oldest)
    return prepared
  }

  clear(): void {
    this.#statements.clear()
  }
}

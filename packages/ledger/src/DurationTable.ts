import { readFile } from "node:fs/promises"
import type { DurationStore } from "@gentask/core"
import { DurationMap, mergeDurations, parseDurations } from "@gentask/core/internal"
import type { Connection } from "./Connection.ts"

type Durations = DurationStore.Durations

/** The delay between a recorded duration and the flush, in milliseconds. */
const flushDelayMs = 1000

/** How many keys are kept: those that were last added to. */
const maxKeys = 200

const importName = "durations.json"

const selectDurations = "select body from durations where key = $key"
const upsertDurations = `
  insert into durations (key, seq, body) values ($key, (select coalesce(max(seq), 0) + 1 from durations), $body)
  on conflict (key) do update set seq = excluded.seq, body = excluded.body`
const deleteOldest = `
  delete from durations where key in (select key from durations order by seq desc limit -1 offset ${maxKeys})`

const readDurations = (connection: Connection, key: string): Durations | undefined => {
  const row = connection.get(selectDurations, { key })
  return row === undefined ? undefined : (JSON.parse(String(row["body"])) as Durations)
}

/** Adds durations in the running transaction. Returns those that the table contains now, by key. */
const addDurations = (connection: Connection, added: DurationMap): ReadonlyMap<string, Durations> => {
  const merged = new Map<string, Durations>()
  for (const [key, durations] of added.entries()) {
    const all = mergeDurations([readDurations(connection, key) ?? { ages: [], shares: [] }, durations])
    connection.run(upsertDurations, { key, body: JSON.stringify(all) })
    merged.set(key, all)
  }
  connection.run(deleteOldest)
  return merged
}

/**
 * Imports the JSON file in which earlier versions kept durations. It is imported once, and never changed. If this fails,
 * it is tried again when a ledger is next opened.
 */
export const importDurations = async (connection: Connection, file: string): Promise<void> => {
  const isImported = () =>
    connection.get("select name from imports where name = $name", { name: importName }) !== undefined
  if (await connection.read(isImported)) return
  const text = await readFile(file, "utf8").catch(() => undefined)
  const durations = text === undefined ? undefined : parseDurations(text)
  if (durations === undefined) return
  await connection.write("normal", () => {
    if (isImported()) return
    addDurations(connection, durations)
    connection.run("insert into imports (name, imported_at) values ($name, $now)", {
      name: importName,
      now: Date.now()
    })
  })
}

/** The durations of past tasks, for `PollPolicy.learned`. */
export class DurationTable implements DurationStore.DurationStore {
  readonly #connection: Connection
  /** What was read from the table, and what was recorded since. */
  #durations = new DurationMap()
  /** Keys that were read from the table, also if it did not contain them. */
  readonly #read = new Set<string>()
  /** What was recorded since the last flush. */
  #pending = new DurationMap()
  #timer: NodeJS.Timeout | undefined
  #lastFlush: Promise<void> = Promise.resolve()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get = (key: string): Durations | undefined => {
    this.#load(key)
    return this.#durations.get(key)
  }

  record = (key: string, durations: Durations): void => {
    this.#load(key)
    this.#durations.add(key, durations)
    this.#pending.add(key, durations)
    this.#timer ??= setTimeout(() => void this.flush(), flushDelayMs).unref()
  }

  /** Writes what was recorded since the last flush. Never rejects: what cannot be written is written with the next flush. */
  flush(): Promise<void> {
    this.#lastFlush = this.#lastFlush.then(() => this.#flush())
    return this.#lastFlush
  }

  #load(key: string): void {
    if (this.#read.has(key) || !this.#connection.isOpen) return
    try {
      const durations = readDurations(this.#connection, key)
      if (durations !== undefined) this.#durations.add(key, durations)
    } catch {
      // The policy works without durations. Reading is not repeated, because `get` is called before each poll.
    }
    this.#read.add(key)
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const added = this.#pending
    this.#pending = new DurationMap()
    if (added.size === 0) return
    try {
      const merged = await this.#connection.write("normal", () => addDurations(this.#connection, added))
      const durations = new DurationMap()
      for (const [key, known] of this.#durations.entries()) durations.add(key, merged.get(key) ?? known)
      // What was recorded during this flush is written with the next one.
      for (const [key, recorded] of this.#pending.entries()) if (merged.has(key)) durations.add(key, recorded)
      this.#durations = durations
    } catch {
      added.addAll(this.#pending)
      this.#pending = added
    }
  }
}

import { dirname, join, resolve } from "node:path"
import type { DurationInput, TaskSnapshot } from "@gentask/core"
import { parseDuration } from "@gentask/core/internal"
import type { Connection } from "./Connection.ts"
import { defaultLedgerPath } from "./defaultLedgerPath.ts"
import { DurationTable, importDurations } from "./DurationTable.ts"
import { beginIntent, findIntent, findIntentByKey, listIntents, settleIntent } from "./intents.ts"
import { LedgerError } from "./LedgerError.ts"
import { listTasks } from "./listTasks.ts"
import { schemaVersion } from "./migrate.ts"
import { openConnection } from "./openConnection.ts"
import { prune } from "./prune.ts"
import { isNews, readSnapshot, recordFiles, recordSnapshot } from "./recordSnapshot.ts"
import { findFiles, showTask } from "./showTask.ts"
import type { SqliteLedger } from "./SqliteLedger.ts"

/** Options of `openLedger`. */
export interface OpenLedgerOptions {
  /**
   * The path of the file. The file and its folder are created for this user only.
   *
   * @default `gentask/ledger.db` in the user's state folder: see `defaultLedgerPath`
   */
  readonly path?: string | undefined
  /** How long to wait while another process locks the file. @default "10 seconds" */
  readonly busyTimeout?: DurationInput | undefined
  /**
   * The JSON file of `DurationStore.file`, whose durations are imported once. It is not changed.
   *
   * @default `durations.json` in the folder of the ledger
   */
  readonly durationsFile?: string | undefined
}

const defaultRetention: DurationInput = "365 days"

const countActive = "select count(*) as count from tasks where account = $account and ended_at is null"
const countSubmits =
  "select count(*) as count from intents where state <> 'rejected' and created_at >= $since"
const selectInfo = `
  select (select count(*) from tasks) as tasks, (select count(*) from intents) as intents,
    (select page_count from pragma_page_count) as pages, (select freelist_count from pragma_freelist_count) as free,
    (select page_size from pragma_page_size) as size`

const milliseconds = (path: string, option: string, input: DurationInput): number => {
  const parsed = parseDuration(input)
  if (parsed !== undefined && Number.isFinite(parsed)) return parsed
  const expected = 'a duration such as "10 seconds", or milliseconds'
  throw new LedgerError({ path, reason: { _tag: "InvalidOption", option, expected } })
}

const decodeSnapshot = async (recorded: string): Promise<TaskSnapshot> => {
  // Loaded on use, because it loads Effect's Schema.
  const schema = await import("@gentask/core/schema")
  return schema.decodeSnapshot(JSON.parse(recorded))
}

const makeLedger = (connection: Connection): SqliteLedger => {
  const { path } = connection
  const durations = new DurationTable(connection)
  const close = async (): Promise<void> => {
    await durations.flush()
    connection.close()
  }
  const count = async (sql: string, parameters: Record<string, string | number>): Promise<number> =>
    Number((await connection.read(() => connection.get(sql, parameters)))?.["count"])
  return {
    path,
    durations,
    begin: (intent) => connection.write("full", () => beginIntent(connection, intent)),
    settle: (intentId, outcome) =>
      connection.write("full", () => settleIntent(connection, intentId, outcome)),
    intent: (idOrRef) => connection.read(() => findIntent(connection, idOrRef)),
    intentByKey: (account, idempotencyKey) =>
      connection.read(() => findIntentByKey(connection, account, idempotencyKey)),
    intents: (filter) => connection.read(() => listIntents(connection, filter)),
    record: async (snapshot) => {
      // Most polls bring no news, and then do not wait for other writers.
      if (!(await connection.read(() => isNews(connection, snapshot)))) return
      await connection.write("normal", () => void recordSnapshot(connection, snapshot))
    },
    snapshot: async (ref) => {
      const recorded = await connection.read(() => readSnapshot(connection, ref))
      return recorded === undefined ? undefined : decodeSnapshot(recorded)
    },
    recordSaved: (ref, files) => connection.write("normal", () => recordFiles(connection, ref, files)),
    countActive: (account) => count(countActive, { account }),
    countSubmits: (since) => count(countSubmits, { since: since.getTime() }),
    list: (options = {}) => connection.read(() => listTasks(connection, options)),
    show: async (ref) => {
      const details = await connection.read(() => showTask(connection, ref))
      if (details === undefined || details.snapshot === null) return details && { ...details, snapshot: null }
      return { ...details, snapshot: await decodeSnapshot(details.snapshot) }
    },
    findFiles: (sha256) => connection.read(() => findFiles(connection, sha256)),
    prune: async ({ olderThan = defaultRetention } = {}) =>
      prune(connection, Date.now() - milliseconds(path, "olderThan", olderThan)),
    vacuum: () => connection.outsideTransaction(() => connection.execute("vacuum")),
    info: async () => {
      const row = await connection.read(() => connection.get(selectInfo))
      const [pages, free, size] = [Number(row?.["pages"]), Number(row?.["free"]), Number(row?.["size"])]
      return {
        path,
        bytes: pages * size,
        freeBytes: free * size,
        schemaVersion,
        tasks: Number(row?.["tasks"]),
        intents: Number(row?.["intents"])
      }
    },
    close,
    [Symbol.asyncDispose]: close
  }
}

/**
 * Opens a ledger in a SQLite file, and creates it if it does not exist. Several processes may use one file at the same
 * time.
 *
 * ```ts
 * const ledger = await openLedger()
 * const { tasks } = await ledger.list({ search: "panda" })
 * await ledger.close()
 * ```
 *
 * @throws {LedgerError} If the file cannot be opened. It is not changed then.
 */
export const openLedger = async (options: OpenLedgerOptions = {}): Promise<SqliteLedger> => {
  const path = resolve(options.path ?? defaultLedgerPath())
  const busyTimeoutMs = milliseconds(path, "busyTimeout", options.busyTimeout ?? "10 seconds")
  const connection = await openConnection(path, busyTimeoutMs)
  const durationsFile = options.durationsFile ?? join(dirname(path), "durations.json")
  // The ledger works without the durations of earlier versions.
  await importDurations(connection, durationsFile).catch(() => undefined)
  return makeLedger(connection)
}

import type {
  Intent,
  IntentFilter,
  IntentOutcome,
  Ledger,
  NewIntent,
  SavedFile,
  TaskSnapshot
} from "@gentask/core"
import type { SqliteLedger } from "@gentask/ledger"
import { errorMessage } from "../output/sanitize.ts"
import { openUserLedger } from "./openUserLedger.ts"

/**
 * The ledger of a command that only records what vendors report. It is opened when there is something to record, so after
 * the first response. If it cannot be written, the command continues with one warning.
 */
export class RecordingLedger implements Ledger {
  readonly #warn: (message: string) => void
  #opened: Promise<SqliteLedger> | undefined
  #hasFailed = false

  /** @param warn Called at most once, with a sentence. */
  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  /** Opens the ledger now. Returns undefined after a warning if it cannot be opened. */
  async open(): Promise<SqliteLedger | undefined> {
    try {
      return await this.#ledger()
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  record = (snapshot: TaskSnapshot): Promise<void> => this.#write((ledger) => ledger.record(snapshot))
  recordSaved = (ref: string, files: ReadonlyArray<SavedFile>): Promise<void> =>
    this.#write((ledger) => ledger.recordSaved(ref, files))

  begin = async (intent: NewIntent) => (await this.#ledger()).begin(intent)
  settle = async (id: string, outcome: IntentOutcome) => (await this.#ledger()).settle(id, outcome)
  intent = async (idOrRef: string): Promise<Intent | undefined> => (await this.#ledger()).intent(idOrRef)
  intentByKey = async (account: string, key: string) => (await this.#ledger()).intentByKey(account, key)
  intents = async (filter?: IntentFilter) => (await this.#ledger()).intents(filter)
  snapshot = async (ref: string) => (await this.#ledger()).snapshot(ref)
  countActive = async (account: string) => (await this.#ledger()).countActive(account)
  countSubmits = async (since: Date) => (await this.#ledger()).countSubmits(since)

  close = async (): Promise<void> => {
    const opened = await this.#opened?.catch(() => undefined)
    await opened?.close()
  }

  #ledger(): Promise<SqliteLedger> {
    return (this.#opened ??= openUserLedger())
  }

  async #write(write: (ledger: SqliteLedger) => Promise<void>): Promise<void> {
    if (this.#hasFailed) return
    try {
      await write(await this.#ledger())
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#warn(`${errorMessage(error)}. This run is not recorded: gentask list will not show it.`)
  }
}

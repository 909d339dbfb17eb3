import type { SqliteLedger } from "@gentask/ledger"
import { openUserLedger } from "../ledger/openUserLedger.ts"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"

/** The user's ledger in a process that runs for long. It is opened with the first call that needs it. */
export class OpenLedger {
  #opened: Promise<SqliteLedger> | undefined

  /**
   * Opens the ledger.
   *
   * @param consequence What a call does not do without it, as a sentence.
   */
  async open(consequence: string): Promise<SqliteLedger> {
    try {
      return await (this.#opened ??= openUserLedger())
    } catch (error) {
      // The next call may succeed, such as when a disk has space again.
      this.#opened = undefined
      throw new UsageError({ message: `${errorMessage(error)}. ${consequence}` })
    }
  }

  async close(): Promise<void> {
    const ledger = await this.#opened?.catch(() => undefined)
    await ledger?.close()
  }
}

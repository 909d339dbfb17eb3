import type { SavedFile } from "../save/SavedFile.ts"
import { ownSnapshot } from "../task/ownSnapshot.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { TaskStatus } from "../task/TaskStatus.ts"
import type { Ledger } from "./Ledger.ts"

/** How many refs are remembered, so that a poll without news writes nothing. */
const maxRemembered = 100_000

/**
 * Records what vendors report about tasks. A ledger that cannot be written does not disturb a query: the first error of a
 * client is reported as a process warning.
 */
export class TaskRecorder {
  readonly #ledger: Ledger
  readonly #statuses = new Map<string, TaskStatus>()
  #pending: Promise<unknown> = Promise.resolve()
  #hasFailed = false

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** Records a snapshot, unless its status is recorded already. */
  record(snapshot: TaskSnapshot): void {
    const { ref, status } = snapshot
    if (this.#statuses.get(ref) === status) return
    if (this.#statuses.size >= maxRemembered) this.#statuses.clear()
    if (isTerminal(status)) this.#statuses.delete(ref)
    else this.#statuses.set(ref, status)
    // The caller may change the dates of the snapshot before it is recorded.
    const recorded = ownSnapshot(snapshot)
    this.#enqueue(
      () => this.#ledger.record(recorded),
      () => this.#statuses.delete(ref)
    )
  }

  /** Records the saved files of a task. */
  recordSaved(ref: string, files: ReadonlyArray<SavedFile>): void {
    this.#enqueue(() => this.#ledger.recordSaved(ref, files))
  }

  /** Resolves when all is written that was recorded so far. */
  async flush(): Promise<void> {
    await this.#pending
  }

  #enqueue(write: () => Promise<void>, onError?: () => void): void {
    this.#pending = this.#pending.then(write).catch((error: unknown) => {
      onError?.()
      if (this.#hasFailed) return
      this.#hasFailed = true
      const why = error instanceof Error ? error.message : String(error)
      globalThis.process?.emitWarning(`The ledger could not record a task: ${why}`, "GentaskWarning")
    })
  }
}

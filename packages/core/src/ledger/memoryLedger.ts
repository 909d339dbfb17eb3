import { isTerminal } from "../task/TaskStatus.ts"
import type { TaskStatus } from "../task/TaskStatus.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { ownSnapshot } from "../task/ownSnapshot.ts"
import { toJson } from "../task/toJson.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import { isUpdate } from "./isUpdate.ts"
import type { ComparableSnapshot } from "./isUpdate.ts"
import type { Intent, IntentFilter, IntentOutcome, Ledger, NewIntent } from "./Ledger.ts"
import { refAccount, taskAccount } from "./taskAccount.ts"

interface RecordedTask extends ComparableSnapshot {
  readonly account: string
  readonly snapshot?: TaskSnapshot
}

const isActive = ({ status }: { readonly status: TaskStatus }): boolean => !isTerminal(status)

const matches = (intent: Intent, { states, account }: IntentFilter): boolean =>
  (states?.includes(intent.state) ?? true) && (account === undefined || intent.account === account)

class MemoryLedger implements Ledger {
  /** By id, the oldest first. */
  readonly #intents = new Map<string, Intent>()
  /** By ref. */
  readonly #tasks = new Map<string, RecordedTask>()
  readonly #idsByRef = new Map<string, string>()
  #isClosed = false

  begin = async (intent: NewIntent): Promise<{ isNew: boolean; intent: Intent }> => {
    this.#requireOpen()
    const recorded = this.#find(intent.account, intent.idempotencyKey)
    if (recorded !== undefined && recorded.state !== "rejected") return { isNew: false, intent: recorded }
    const added: Intent = {
      ...structuredClone(intent),
      id: recorded?.id ?? intent.id,
      state: "pending",
      refs: [],
      error: null,
      attempts: 0,
      settledAt: null
    }
    this.#intents.set(added.id, added)
    return { isNew: true, intent: added }
  }

  settle = async (intentId: string, outcome: IntentOutcome): Promise<void> => {
    this.#requireOpen()
    const intent = this.#intents.get(intentId)
    if (intent === undefined) throw new Error(`Intent ${intentId} is not in the ledger. Call begin first.`)
    if (intent.state === "accepted") return
    const tasks = outcome.state === "accepted" ? outcome.tasks : []
    for (const task of tasks) {
      this.#add(task)
      if (!this.#idsByRef.has(task.ref)) this.#idsByRef.set(task.ref, intentId)
    }
    this.#intents.set(intentId, {
      ...intent,
      state: outcome.state,
      refs: tasks.map(({ ref }) => ref),
      error: outcome.state === "accepted" ? null : outcome.error,
      attempts: outcome.attempts,
      settledAt: new Date()
    })
  }

  intent = async (idOrRef: string): Promise<Intent | undefined> => {
    this.#requireOpen()
    return this.#intents.get(idOrRef) ?? this.#intents.get(this.#idsByRef.get(idOrRef) ?? "")
  }

  intentByKey = async (account: string, idempotencyKey: string): Promise<Intent | undefined> => {
    this.#requireOpen()
    return this.#find(account, idempotencyKey)
  }

  intents = async (filter: IntentFilter = {}): Promise<ReadonlyArray<Intent>> => {
    this.#requireOpen()
    return this.#values()
      .filter((intent) => matches(intent, filter))
      .toReversed()
  }

  record = async (snapshot: TaskSnapshot): Promise<void> => {
    this.#requireOpen()
    this.#add(snapshot)
  }

  snapshot = async (ref: string): Promise<TaskSnapshot | undefined> => {
    this.#requireOpen()
    return this.#tasks.get(ref)?.snapshot
  }

  recordSaved = async (ref: string, files: ReadonlyArray<SavedFile>): Promise<void> => {
    this.#requireOpen()
    if (this.#tasks.has(ref) || files.length === 0) return
    this.#tasks.set(ref, { account: refAccount(ref), status: "unknown", updatedAt: null, outputs: [] })
  }

  countActive = async (account: string): Promise<number> => {
    this.#requireOpen()
    return [...this.#tasks.values()].filter((task) => task.account === account && isActive(task)).length
  }

  countSubmits = async (since: Date): Promise<number> => {
    this.#requireOpen()
    return this.#values().filter(({ state, createdAt }) => state !== "rejected" && createdAt >= since).length
  }

  close = async (): Promise<void> => {
    this.#isClosed = true
  }

  #find(account: string, idempotencyKey: string): Intent | undefined {
    return this.#values().find(
      (intent) => intent.account === account && intent.idempotencyKey === idempotencyKey
    )
  }

  #values(): ReadonlyArray<Intent> {
    return [...this.#intents.values()]
  }

  #add(snapshot: TaskSnapshot): void {
    const { status, updatedAt, outputs } = toJson(snapshot)
    const recorded = this.#tasks.get(snapshot.ref)
    if (recorded !== undefined && !isUpdate(recorded, { status, updatedAt, outputs })) return
    const { raw: _, ...recordedSnapshot } = ownSnapshot(snapshot)
    this.#tasks.set(snapshot.ref, {
      account: taskAccount(snapshot),
      status,
      updatedAt,
      outputs,
      snapshot: recordedSnapshot
    })
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new Error("The ledger is closed. Open another one.")
  }
}

/**
 * Creates a ledger in memory, for tests. Its records are lost when the process exits, so a program that submits tasks
 * needs a durable one, such as that of `@gentask/ledger`.
 *
 * ```ts
 * const ledger = memoryLedger()
 * const pending = await ledger.intents({ states: ["pending", "unknown"] })
 * ```
 */
export const memoryLedger = (): Ledger => new MemoryLedger()

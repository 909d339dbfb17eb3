import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { nameOf } from "../account/nameOf.ts"
import { ownSnapshot } from "../task/ownSnapshot.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { TaskQuery } from "./TaskQuery.ts"

/** How many results are kept. They may contain inline media. */
const maxKept = 100

/** The results of tasks that their vendors cannot be queried for: those of this client, and those in its ledger. */
export class RecordedResults {
  readonly #read: ((ref: string) => Promise<TaskSnapshot | undefined>) | undefined
  readonly #kept = new Map<string, TaskSnapshot>()

  /** @param read Reads the last recorded snapshot of a task. Undefined if the client has no ledger. */
  constructor(read?: (ref: string) => Promise<TaskSnapshot | undefined>) {
    this.#read = read
  }

  /** Keeps the result of a submit. A ledger does not contain inline media. */
  keep(snapshot: TaskSnapshot): void {
    if (!isTerminal(snapshot.status)) return
    const [oldest] = this.#kept.keys()
    if (oldest !== undefined && this.#kept.size >= maxKept) this.#kept.delete(oldest)
    this.#kept.set(snapshot.ref, ownSnapshot(snapshot))
  }

  /** Returns the result of a task. */
  get({ ref, account }: TaskQuery): Effect.Effect<TaskSnapshot, ConfigurationError> {
    const fail = (cause?: unknown) =>
      new ConfigurationError(
        {
          reason: { _tag: "UnsupportedOperation", account: nameOf(account), operation: "query" },
          message: `${ref}: ${account.spec.title} cannot be queried for this task, and its result is not recorded. Use the ledger of the program that submitted it.`
        },
        { cause }
      )
    const kept = this.#kept.get(ref)
    if (kept !== undefined) return Effect.sync(() => ownSnapshot(kept))
    return Effect.flatMap(
      Effect.tryPromise({ try: async () => this.#read?.(ref), catch: fail }),
      (recorded) =>
        recorded !== undefined && isTerminal(recorded.status) ? Effect.succeed(recorded) : Effect.fail(fail())
    )
  }
}

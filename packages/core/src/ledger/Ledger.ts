import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"

/** A file of an intent's input. The ledger never contains its bytes. */
export interface IntentFile {
  /** The dotted path in the input, such as `images.0`. */
  readonly path: string
  /** The file's name, without folders. */
  readonly name: string
  /** The media type. */
  readonly mediaType: string
  /** The size, in bytes. */
  readonly size: number
  /** The SHA-256 digest of the bytes, in hexadecimal. */
  readonly sha256: string
}

/** What is recorded before a submit is sent. */
export interface NewIntent {
  /** A UUID. */
  readonly id: string
  /** Identifies the submit. Unique per account. */
  readonly idempotencyKey: string
  /** The account, as in a task ref: `jimmy`, or `jimeng@deepwl`. */
  readonly account: string
  /** The scheme and the host that the request goes to. */
  readonly origin: string
  /** The vendor's name of the model. */
  readonly model: string
  /** The prompt, if there is one. */
  readonly prompt: string | null
  /** The vendor's own input as JSON, without secrets. Files are `{ name, mediaType, size, sha256 }`. */
  readonly input: Readonly<Record<string, unknown>>
  /** The files in the input. */
  readonly files: ReadonlyArray<IntentFile>
  /** The SHA-256 digest of account, model and input. Another request with the same key has another digest. */
  readonly digest: string
  /**
   * Whether the same bytes can be sent again from this record: the vendor documents that it returns the same task, and the
   * request contains no file and no webhook.
   */
  readonly canReplay: boolean
  /** The process that submits, as text. Core reads it to decide whether that process is still alive. */
  readonly owner: string
  /** The span of the submit as W3C Trace Context. Null without a tracer. Spans of later queries are linked to it. */
  readonly traceparent: string | null
  /** When the intent was recorded. */
  readonly createdAt: Date
}

/**
 * The state of an intent:
 *
 * - `pending`: recorded, without an outcome. After a crash, the outcome is unknown
 * - `accepted`: there is at least one task
 * - `rejected`: the vendor created no task
 * - `unknown`: there may be a task
 */
export type IntentState = "pending" | "accepted" | "rejected" | "unknown"

/** An intent with its outcome. */
export interface Intent extends NewIntent {
  /** The state of the intent. */
  readonly state: IntentState
  /** The refs of its tasks. Empty unless it was accepted. */
  readonly refs: ReadonlyArray<string>
  /** Why it was rejected, or what the last attempt failed with. */
  readonly error: ErrorReason | null
  /** How many requests were sent. */
  readonly attempts: number
  /** When the outcome was recorded. */
  readonly settledAt: Date | null
}

/** The outcome of a submit. */
export type IntentOutcome =
  | {
      readonly state: "accepted"
      /** The first snapshot of each task. */
      readonly tasks: ReadonlyArray<TaskSnapshot>
      readonly attempts: number
    }
  | { readonly state: "rejected" | "unknown"; readonly error: ErrorReason; readonly attempts: number }

/** Which intents to list. */
export interface IntentFilter {
  /** Only intents in these states. @default all */
  readonly states?: ReadonlyArray<IntentState> | undefined
  /** Only intents of this account. @default all */
  readonly account?: string | undefined
}

/**
 * The durable record of intents, tasks and saved files: the port that core writes to. Several processes may use one ledger
 * at the same time.
 *
 * `begin` and `settle` must be durable when their promise resolves: they survive a crash of the process and of the machine.
 */
export interface Ledger {
  /**
   * Records an intent, unless the account already has one with the same idempotency key. Atomic, also between processes. A
   * rejected intent with the same key created no task, so it is replaced: its id stays, and it is pending again.
   *
   * @returns The recorded intent. `isNew` is false if it was recorded before.
   */
  readonly begin: (intent: NewIntent) => Promise<{ readonly isNew: boolean; readonly intent: Intent }>
  /** Records the outcome of an intent, and its tasks. An accepted intent keeps its outcome. */
  readonly settle: (intentId: string, outcome: IntentOutcome) => Promise<void>
  /** Returns an intent by its id, by the ref of one of its tasks, or undefined. */
  readonly intent: (idOrRef: string) => Promise<Intent | undefined>
  /** Returns the intent of an account with an idempotency key, or undefined. */
  readonly intentByKey: (account: string, idempotencyKey: string) => Promise<Intent | undefined>
  /** Returns intents, the newest first. */
  readonly intents: (filter?: IntentFilter) => Promise<ReadonlyArray<Intent>>
  /** Records what a vendor reported about a task. Adds the task if it is missing. */
  readonly record: (snapshot: TaskSnapshot) => Promise<void>
  /**
   * Returns the last recorded snapshot of a task, or undefined. Without `raw`, and inline media may lack its bytes. Core
   * reads it for tasks that their vendors cannot be queried for.
   */
  readonly snapshot: (ref: string) => Promise<TaskSnapshot | undefined>
  /** Records the saved files of a task. */
  readonly recordSaved: (ref: string, files: ReadonlyArray<SavedFile>) => Promise<void>
  /** Returns how many tasks of an account have not ended, as far as is recorded. */
  readonly countActive: (account: string) => Promise<number>
  /** Returns how many submits were recorded since a time, of all accounts. Rejected ones do not count. */
  readonly countSubmits: (since: Date) => Promise<number>
  /** Writes what is pending, and closes the ledger. */
  readonly close: () => Promise<void>
}

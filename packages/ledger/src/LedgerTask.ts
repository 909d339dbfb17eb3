import type { FailureReason, Intent, OutputKind, OutputRole, TaskSnapshot, TaskStatus } from "@gentask/core"

/** A task as the ledger lists it. */
export interface LedgerTask {
  /** The task ref. */
  readonly ref: string
  /** The account, as in a task ref: `jimmy`, or `jimeng@deepwl`. */
  readonly account: string
  /** The last recorded status. `unknown` also if no snapshot was recorded yet. */
  readonly status: TaskStatus
  /** When the task was added to the ledger. */
  readonly addedAt: Date
  /** When the task changed to its status, as far as is recorded. */
  readonly since: Date
  /** When the task was recorded to have ended. */
  readonly endedAt: Date | null
  /** The id of the intent that the task was submitted with. Null if another program submitted it. */
  readonly intentId: string | null
  /** The model that the vendor reports, or that was requested. */
  readonly model: string | null
  /** The prompt that the vendor reports, or that was sent. */
  readonly prompt: string | null
  /** What the vendor charged. */
  readonly cost: { readonly amount: number; readonly unit: string } | null
  /** Why the task ended without a result. */
  readonly failure: { readonly reason: FailureReason; readonly message: string | null } | null
  /** The trace that the submit belongs to. */
  readonly traceId: string | null
  /** How many files were saved. */
  readonly fileCount: number
}

/** A saved file of a task. */
export interface LedgerFile {
  /** The absolute path. The ledger does not know whether the file still exists. */
  readonly path: string
  /** The kind of media. */
  readonly kind: OutputKind
  /** What the file is for. */
  readonly role: OutputRole
  /** The media type. */
  readonly mediaType: string
  /** The size, in bytes. */
  readonly bytes: number
  /** The SHA-256 digest, in hexadecimal. */
  readonly sha256: string
  /** When the file was recorded. */
  readonly savedAt: Date
}

/**
 * What happened to a task or to its intent:
 *
 * - `intent.rejected`, `intent.unknown`, `intent.accepted`: a submit had this outcome
 * - `task.submitted`: the vendor accepted the task
 * - `task.status`: the status changed
 * - `task.saved`: a file was saved
 * - `task.added`, `task.all-saved`, `task.save-failed`: a tracker added the task, saved its files, or could not save them
 */
export type LedgerEventKind =
  | "intent.rejected"
  | "intent.unknown"
  | "intent.accepted"
  | "task.submitted"
  | "task.status"
  | "task.saved"
  | "task.added"
  | "task.all-saved"
  | "task.save-failed"

/** An event. Each is recorded once. */
export interface LedgerEvent {
  /** Unique, and derived from the event, so that another record of the same event has the same id. */
  readonly id: string
  /** What happened. */
  readonly kind: LedgerEventKind
  /** When it was recorded. The clock may have been set back, so events are in the order in which they were recorded. */
  readonly at: Date
  /** Details, such as `{ status, rawStatus }` of `task.status`. */
  readonly body: Readonly<Record<string, unknown>> | null
}

/** Everything that the ledger knows about a task. */
export interface LedgerTaskDetails {
  /** The task. */
  readonly task: LedgerTask
  /** The last recorded snapshot, without `raw` and without the bytes of inline media. */
  readonly snapshot: TaskSnapshot | null
  /** The intent that the task was submitted with. */
  readonly intent: Intent | null
  /** The events of the task and of its intent, the oldest first. */
  readonly events: ReadonlyArray<LedgerEvent>
  /** The saved files, by path. */
  readonly files: ReadonlyArray<LedgerFile>
}

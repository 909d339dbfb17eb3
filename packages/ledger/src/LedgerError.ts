import { GentaskError } from "@gentask/core"

/** Why a ledger cannot be opened, read or written. No reason deletes or changes a file. */
export type LedgerErrorReason =
  /** The file or its folder cannot be created or written. `code` is that of the system, such as `EACCES`. */
  | { readonly _tag: "NotWritable"; readonly code: string }
  /** The file is damaged, or is not a SQLite database. */
  | { readonly _tag: "Corrupt"; readonly detail: string }
  /** The file is a database of another program. */
  | { readonly _tag: "ForeignFile" }
  /** A later version of gentask changed the tables. */
  | { readonly _tag: "NewerSchema"; readonly version: number; readonly supported: number }
  /** The file was moved, deleted or replaced while it was open. */
  | { readonly _tag: "FileMoved" }
  /** The disk is full. */
  | { readonly _tag: "DiskFull" }
  /** Another process locked the file for longer than `busyTimeout`. */
  | { readonly _tag: "Busy"; readonly timeoutMs: number }
  /** The ledger was closed. */
  | { readonly _tag: "Closed" }
  /** The ledger has no intent with this id. */
  | { readonly _tag: "IntentNotFound"; readonly intentId: string }
  /** An option has an invalid value. */
  | { readonly _tag: "InvalidOption"; readonly option: string; readonly expected: string }
  /** Any other error of SQLite or of the file system. The error's `cause` contains it. */
  | { readonly _tag: "Unexpected"; readonly detail: string }

const describe = (reason: LedgerErrorReason): string => {
  switch (reason._tag) {
    case "NotWritable":
      return `cannot write to it (${reason.code}). Allow writing to the file and its folder, or choose another path.`
    case "Corrupt":
      return `the file is damaged or is not a SQLite database (${reason.detail}). It was not changed. Restore a backup, or move it away together with its -wal and -shm files to start with an empty ledger.`
    case "ForeignFile":
      return "the file is a database of another program. It was not changed. Choose another path."
    case "NewerSchema":
      return `a later version of gentask wrote it (schema version ${reason.version}, supported up to ${reason.supported}). It was not changed. Update gentask, or choose another path.`
    case "FileMoved":
      return "the file was moved, deleted or replaced while it was open, so nothing was recorded. Move it back, or open the ledger again."
    case "DiskFull":
      return "the disk is full. Free some space, and try again."
    case "Busy":
      return `another process locked it for more than ${reason.timeoutMs} milliseconds. Try again, or raise busyTimeout.`
    case "Closed":
      return "it is closed. Open it again with openLedger."
    case "IntentNotFound":
      return `it has no intent ${reason.intentId}. Record it with begin first.`
    case "InvalidOption":
      return `invalid ${reason.option}: expected ${reason.expected}.`
    default:
      return `an unexpected error occurred: ${reason.detail.replace(/\.$/, "")}. Please report it.`
  }
}

/**
 * A ledger cannot be opened, read or written.
 *
 * ```ts
 * try {
 *   await openLedger({ path: "ledger.db" })
 * } catch (error) {
 *   if (error instanceof LedgerError && error.reason._tag === "NewerSchema") console.error(error.message)
 * }
 * ```
 */
export class LedgerError extends GentaskError {
  /** The kind of error. */
  readonly _tag = "LedgerError"
  /** Equal to `_tag`. */
  override readonly name = "LedgerError"
  /** Whether the same call may succeed later without any change. */
  readonly isRetryable: boolean
  /** The absolute path of the ledger. */
  readonly path: string
  /** What went wrong. */
  readonly reason: LedgerErrorReason

  constructor(fields: {
    readonly path: string
    readonly reason: LedgerErrorReason
    readonly cause?: unknown
  }) {
    const { path, reason, cause } = fields
    super(`Ledger ${path}: ${describe(reason)}`, cause === undefined ? undefined : { cause })
    this.path = path
    this.reason = reason
    this.isRetryable = reason._tag === "Busy" || reason._tag === "DiskFull"
  }
}

import { LedgerError } from "./LedgerError.ts"
import type { LedgerErrorReason } from "./LedgerError.ts"

/** Primary result codes of SQLite, which are the lowest eight bits of an error's code. */
const sqlite = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26
}

const resultCode = (error: unknown): number | undefined => {
  const { errcode } = error as { readonly errcode?: unknown }
  return typeof errcode === "number" ? errcode & 0xff : undefined
}

/** Checks whether another connection holds a lock. Trying again may succeed. */
export const isBusy = (error: unknown): boolean => {
  const code = resultCode(error)
  return code === sqlite.busy || code === sqlite.locked
}

const reasonOf = (error: Error & { readonly code?: string }): LedgerErrorReason => {
  switch (resultCode(error)) {
    case sqlite.corrupt:
    case sqlite.notADatabase:
      return { _tag: "Corrupt", detail: error.message }
    case sqlite.full:
      return { _tag: "DiskFull" }
    case sqlite.ioError:
      return { _tag: "NotWritable", code: "SQLITE_IOERR" }
    case sqlite.readOnly:
      return { _tag: "NotWritable", code: "SQLITE_READONLY" }
    case sqlite.cannotOpen:
      return { _tag: "NotWritable", code: "SQLITE_CANTOPEN" }
    default:
  }
  if (error.code === "ENOSPC" || error.code === "EDQUOT") return { _tag: "DiskFull" }
  // Errors of the file system have the name of the failed call.
  if (error.code !== undefined && "syscall" in error) return { _tag: "NotWritable", code: error.code }
  return { _tag: "Unexpected", detail: error.message }
}

/** Converts an error of SQLite or of the file system. A `LedgerError` is returned as it is. */
export const toLedgerError = (path: string, error: unknown): LedgerError => {
  if (error instanceof LedgerError) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  return new LedgerError({ path, reason: reasonOf(cause), cause })
}

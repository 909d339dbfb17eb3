import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { isSqlError } from "effect/sql/SqlError"
import type { SqlError } from "effect/sql/SqlError"
import { StoreError } from "./StoreError.ts"

/** Result codes of SQLite for conditions that may pass: busy, locked, I/O error, disk full, cannot open. */
const retryableSqlite: ReadonlySet<number> = new Set([5, 6, 10, 13, 14])

/**
 * Classes of SQLSTATE that may pass: connection, transaction rollback, resources (such as a full disk), operator
 * intervention (such as a restart), system error.
 */
const retryablePostgres: ReadonlySet<string> = new Set(["08", "40", "53", "57", "58"])

/** Values of the reason's cause, which is an error of SQLite or the fields of a message of Postgres. */
interface Cause {
  readonly errcode?: unknown
  readonly code?: unknown
  readonly message?: unknown
}

const isRetryable = (error: SqlError): boolean => {
  if (error.isRetryable) return true
  const { errcode, code } = (error.reason.cause ?? {}) as Cause
  if (typeof errcode === "number") return retryableSqlite.has(errcode & 0xff)
  if (typeof code === "string" && code.length === 5) return retryablePostgres.has(code.slice(0, 2))
  return /COMMIT rolled back/.test(error.message)
}

const sentence = (text: string): string => `${text.replace(/\.$/, "")}.`

const detailOf = (error: SqlError): string => {
  const { message } = (error.reason.cause ?? {}) as Cause
  const own = error.message.replace(/^Pg\w+: /, "")
  return typeof message === "string" && message !== "" && !own.includes(message) ? `${own}: ${message}` : own
}

/**
 * Removes the user and password of URLs, and what follows `password=`.
 *
 * @param text Text that may contain a connection string.
 */
export const withoutCredentials = (text: string): string =>
  text.replace(/(postgres(?:ql)?:\/\/)[^\s/]*@/gi, "$1").replace(/(password\s*=\s*)[^\s&]+/gi, "$1…")

/** The SQLSTATE of a database that does not exist. */
const missingDatabase = "3D000"

const adviceOf = (error: SqlError): string => {
  if (((error.reason.cause ?? {}) as Cause).code === missingDatabase) return "Create it, or use another URL."
  if (error.reason._tag === "AuthenticationError") return "Check the user and the password."
  if (error.reason._tag === "AuthorizationError") return "Grant the user access to the database."
  return isRetryable(error) ? "Try again." : "Please report it unless the message explains the cause."
}

/** Converts any error to a `StoreError`. */
export const toStoreError = (error: unknown): StoreError => {
  if (error instanceof StoreError) return error
  if (isSqlError(error)) {
    const message = `The tracker's database failed: ${sentence(withoutCredentials(detailOf(error)))} ${adviceOf(error)}`
    return new StoreError({ message, isRetryable: isRetryable(error), cause: error })
  }
  const detail = error instanceof Error ? error.message : String(error)
  const { isRetryable: retryable } = error as { readonly isRetryable?: unknown }
  return new StoreError({
    message: `The tracker's database failed: ${sentence(withoutCredentials(detail))}`,
    isRetryable: retryable === true,
    cause: error
  })
}

/** Converts the errors of a layer to `StoreError`. */
export const failWithStoreError = <A, E>(layer: Layer.Layer<A, E>): Layer.Layer<A, StoreError> =>
  // oxlint-disable-next-line promise/valid-params -- it is not a promise
  Layer.catch(layer, (error) => Layer.unwrap(Effect.fail(toStoreError(error))))

import { isDeepStrictEqual, inspect } from "node:util"
import type { Ledger } from "@gentask/core"
import { fail } from "../ConformanceError.ts"

/** One check of a ledger. Pass it to any test runner: `it(check.name, check.run)`. */
export interface LedgerCheck {
  /** A statement that is true if the check passes. */
  readonly name: string
  /**
   * Opens a ledger and runs the check.
   *
   * @returns A promise that rejects with a `ConformanceError` if the check fails.
   */
  readonly run: () => Promise<void>
}

/** The name of a check, and what it does with an empty ledger. */
export type LedgerRule = readonly [name: string, verify: (ledger: Ledger) => Promise<void>]

/** Fails the running check unless both values are deeply equal. */
export const expectEqual = (actual: unknown, expected: unknown, what: string): void => {
  if (!isDeepStrictEqual(actual, expected))
    fail(`${what} is ${inspect(actual, { depth: 6 })}: expected ${inspect(expected, { depth: 6 })}.`)
}

/** Fails the running check unless the promise rejects. */
export const expectRejection = async (promise: Promise<unknown>, what: string): Promise<void> => {
  const isRejected = await promise.then(
    () => false,
    () => true
  )
  if (!isRejected) fail(`${what} resolves: expected it to reject.`)
}

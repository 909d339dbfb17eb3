import type { BalanceOutcome } from "./BalanceOperation.ts"
import { amountAt } from "./amountAt.ts"
import { unexpectedOutcome } from "./unexpectedOutcome.ts"

/**
 * Returns the outcome of a balance whose response has one number: what the account can still spend.
 *
 * ```ts
 * decode: (body) => balanceAt(body, "credits", "credits")
 * ```
 *
 * @param body The response.
 * @param path The dotted path of the number.
 * @param unit The unit, such as `USD` or `credits`.
 */
export const balanceAt = (body: unknown, path: string, unit: string): BalanceOutcome => {
  const available = amountAt(body, path, unit)
  return available === undefined ? unexpectedOutcome(body, path) : { _tag: "Balance", available, used: null }
}

import type { Amount } from "../task/Amount.ts"
import { numberAt } from "./numberAt.ts"

/**
 * Returns the amount at a path of a JSON value: for the cost of a task, or the balance of an account.
 *
 * ```ts
 * amountAt({ cost: { credits: 12 } }, "cost.credits", "credits") // { amount: 12, unit: "credits" }
 * ```
 *
 * @param value A JSON value.
 * @param path A dotted path. Numbers are indexes of arrays.
 * @param unit The vendor's unit, such as `USD`, `credits`, `tokens` or `seconds`.
 * @returns Undefined if there is no number.
 */
export const amountAt = (value: unknown, path: string, unit: string): Amount | undefined => {
  const amount = numberAt(value, path)
  return amount === undefined ? undefined : { amount, unit }
}

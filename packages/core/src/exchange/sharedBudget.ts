import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { RateLimit } from "../provider/RateLimit.ts"
import { keyOf } from "./authHeaders.ts"
import { RateBudget } from "./RateBudget.ts"

/** The budgets of the process, per clock: times of different clocks cannot be compared. */
const budgets = new WeakMap<object, Map<string, WeakRef<RateBudget>>>()

const submitLimits = ({ spec, settings }: ResolvedAccount): ReadonlyArray<RateLimit> =>
  spec.submit?.rateLimits?.(settings) ?? []

/** Identifies what a vendor counts requests by: provider, origin and API key. Contains the key, so it must not be shown. */
export const vendorAccountKey = (account: ResolvedAccount): string =>
  [account.spec.id, account.origin, keyOf(account)].join(" ")

/**
 * Returns the rate budget of a vendor account. Clients and account names that share provider, origin and API key share
 * one budget, because the vendor counts their requests together.
 *
 * @param purpose Queries and submits have separate budgets.
 */
export const sharedBudget = (
  clock: object,
  account: ResolvedAccount,
  purpose: "query" | "submit" = "query"
): RateBudget => {
  const known = budgets.get(clock) ?? new Map<string, WeakRef<RateBudget>>()
  budgets.set(clock, known)
  const key = `${purpose} ${vendorAccountKey(account)}`
  const budget = known.get(key)?.deref() ?? new RateBudget([])
  budget.addLimits(purpose === "query" ? account.rateLimits : submitLimits(account))
  for (const [each, reference] of known) if (reference.deref() === undefined) known.delete(each)
  known.set(key, new WeakRef(budget))
  return budget
}

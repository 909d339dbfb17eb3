import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { keyOf } from "./authHeaders.ts"
import { RateBudget } from "./RateBudget.ts"

/** The budgets of the process, per clock: times of different clocks cannot be compared. */
const budgets = new WeakMap<object, Map<string, WeakRef<RateBudget>>>()

/**
 * Returns the rate budget of a vendor account. Clients and account names that share provider, origin and API key share
 * one budget, because the vendor counts their requests together.
 */
export const sharedBudget = (clock: object, account: ResolvedAccount): RateBudget => {
  const known = budgets.get(clock) ?? new Map<string, WeakRef<RateBudget>>()
  budgets.set(clock, known)
  const key = [account.spec.id, account.origin, keyOf(account)].join(" ")
  const budget = known.get(key)?.deref() ?? new RateBudget([])
  budget.addLimits(account.rateLimits)
  for (const [each, reference] of known) if (reference.deref() === undefined) known.delete(each)
  known.set(key, new WeakRef(budget))
  return budget
}

import type { AccountClient } from "@gentask/core/internal/engine"
import type { LastError } from "./OpenTasks.ts"
import type { OwnedStatus } from "./OwnedAccounts.ts"

/** Describes the strictest use of an account's budget. */
export const ownedStatus = (client: AccountClient, lastError: LastError | null, now: number): OwnedStatus => {
  const [limit] = client.account.rateLimits
  const { agesMs, pausedForMs } = client.budget.spent(now)
  return {
    budget: {
      limit: limit?.requests ?? null,
      windowMs: limit?.windowMs ?? null,
      spent: agesMs.length,
      pausedForMs
    },
    lastError: lastError && { message: lastError.message, at: lastError.at.toISOString() }
  }
}

import type { Ledger } from "@gentask/core"
import { intentRules } from "./intentRules.ts"
import type { LedgerCheck } from "./LedgerCheck.ts"
import { taskRules } from "./taskRules.ts"

/**
 * Returns the checks of an implementation of `Ledger`, for any test runner.
 *
 * @example
 *   for (const check of ledgerConformance(async () => memoryLedger())) it(check.name, check.run)
 *
 * @param open Opens an empty ledger. Each check opens its own, and closes it.
 */
export const ledgerConformance = (open: () => Promise<Ledger>): ReadonlyArray<LedgerCheck> =>
  [...intentRules, ...taskRules].map(([name, verify]) => ({
    name,
    run: async () => {
      const ledger = await open()
      try {
        await verify(ledger)
      } finally {
        await ledger.close()
      }
    }
  }))

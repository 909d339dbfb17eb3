import type { SqliteLedger } from "@gentask/ledger"

/** Opens the ledger at its default path. @throws {LedgerError} If it cannot be opened. */
export const openUserLedger = async (): Promise<SqliteLedger> => {
  const { openLedger } = await import("./userLedger.ts")
  return openLedger()
}

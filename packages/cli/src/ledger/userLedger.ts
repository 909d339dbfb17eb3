/** The user's ledger. Loaded on use: SQLite takes longer to load than many commands. */
export { openLedger } from "@gentask/ledger"

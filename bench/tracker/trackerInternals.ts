/** The parts of the tracker that its package does not export. */
// @boundaries-ignore the benchmark measures the store and the owner of an account alone
export { ownAccount } from "../../packages/tracker/src/owner/ownAccount.ts"
// @boundaries-ignore as above
export { OwnedAccounts } from "../../packages/tracker/src/owner/OwnedAccounts.ts"
// @boundaries-ignore as above
export * as PostgresStore from "../../packages/tracker/src/store/PostgresStore.ts"
// @boundaries-ignore as above
export * as SqliteStore from "../../packages/tracker/src/store/SqliteStore.ts"
// @boundaries-ignore as above
export { TrackerStore } from "../../packages/tracker/src/store/TrackerStore.ts"
// @boundaries-ignore as above
export type { TrackerStoreService } from "../../packages/tracker/src/store/TrackerStore.ts"
export { hasPostgres, startPostgres } from "@gentask/tooling/postgres"
export type { PostgresServer } from "@gentask/tooling/postgres"
// @boundaries-ignore as above
export { startServerOver, tokens } from "../../packages/tracker/test/support/startServer.ts"

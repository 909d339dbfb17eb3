/**
 * What gentask's own packages need of the ledger beyond its public entry. Not covered by semantic versioning: do not
 * import it from anywhere else.
 */
export { intentFromRow } from "./intents.ts"
/** For tests of the migrations. */
export { applicationId, migrations } from "./migrations.ts"
export { loadSqlite } from "./loadSqlite.ts"
export { StatementCache } from "./StatementCache.ts"
export { trackerInfoPath, trackerLockPath } from "./trackerFiles.ts"
export { searchTerms } from "./searchTerms.ts"
export type { TaskOrigin } from "./taskColumns.ts"
export { encodeSnapshot, replacesSnapshot, searchableText, taskColumns } from "./taskColumns.ts"

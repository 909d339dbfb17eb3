/** The paths of a ledger and of the files beside it, for programs that do not open it. */
export { defaultLedgerPath } from "./defaultLedgerPath.ts"
export { trackerInfoPath, trackerLockPath } from "./trackerFiles.ts"

/** The files beside a ledger that a tracker creates. */

/** The file whose lock a tracker holds while it uses the ledger. */
export const trackerLockPath = (ledgerPath: string): string => `${ledgerPath}.tracker`

/** The file in which a tracker publishes its process and its URL. */
export const trackerInfoPath = (ledgerPath: string): string => `${ledgerPath}.tracker.json`

/** The ownership of accounts. */

/** The requests of one rate budget that were sent, or may have been sent, as ages. Relative times need no common clock. */
export interface SpentBudget {
  /**
   * How long ago each recent request was sent, in milliseconds, oldest first. Negative if it may still be sent: an owner
   * that reserves counts each request that it may send meanwhile at the end of the reservation.
   */
  readonly agesMs: ReadonlyArray<number>
  /** For how long the vendor has paused the account, in milliseconds. */
  readonly pausedForMs: number
}

/** The queries that an account has sent, and its submits, which vendors count separately. */
export interface SpentRequests extends SpentBudget {
  /** Missing if they are not known, because the owner did not release the account. */
  readonly submits?: SpentBudget | undefined
}

/** The ownership of an account. Each acquisition has a higher epoch, and ends all earlier ones. */
export interface Ownership {
  readonly account: string
  readonly epoch: number
  /**
   * What the earlier owners have sent. Requests that they had reserved and may send until the reservation ends count as
   * sent at its end.
   */
  readonly spent: SpentRequests
}

/** An account as the store knows it. */
export interface AccountRecord {
  readonly account: string
  readonly epoch: number
  readonly owner: string | null
  /** How long ago the owner last reported, in milliseconds. */
  readonly seenMsAgo: number | null
  /** Why the last poll failed. Null if it did not. */
  readonly lastError: string | null
  readonly openTasks: number
  readonly dueSaves: number
}

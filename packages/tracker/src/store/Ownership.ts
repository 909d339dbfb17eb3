/** The ownership of accounts. */

/** The requests that an account has sent, or may have sent, as ages. Relative times need no common clock. */
export interface SpentRequests {
  /**
   * How long ago each recent request was sent, in milliseconds, oldest first. Negative if it may still be sent: an owner
   * that reserves adds `-reservedForMs` for each request that it may send meanwhile.
   */
  readonly agesMs: ReadonlyArray<number>
  /** For how long the vendor has paused the account, in milliseconds. */
  readonly pausedForMs: number
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
  /** For how long an earlier owner may still send requests, in milliseconds. 0 if it has released the account. */
  readonly reservedForMs: number
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

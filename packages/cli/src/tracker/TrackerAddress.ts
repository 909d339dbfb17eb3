/** A tracker that carries out the commands of this process. */
export interface TrackerAddress {
  /** The URL of its HTTP API, without a slash at the end. */
  readonly url: string
  readonly token: string
  /** Whether it owns the ledger of this user. */
  readonly ownsLedger: boolean
}

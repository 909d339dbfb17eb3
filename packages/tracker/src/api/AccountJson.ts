/** An account, with its owner and its rate budget. */
export interface AccountJson {
  /** The account, as in a task ref. */
  readonly account: string
  /** How often the account has changed its owner. */
  readonly epoch: number
  /** The process that polls the account's tasks. */
  readonly owner: string | null
  /** How long ago the owner last reported, in milliseconds. */
  readonly seenMsAgo: number | null
  /** How many tasks have not ended. */
  readonly openTasks: number
  /** How many tasks are to be saved. */
  readonly dueSaves: number
  /**
   * The path of this API to which the vendor can send webhooks. It contains a secret: null if the token lacks the scope
   * `admin`, or if the vendor sends none.
   */
  readonly webhookPath: string | null
  /** The rate budget. Null if another process owns the account. */
  readonly budget: {
    /** How many requests the vendor allows in a window. Null without a limit. */
    readonly limit: number | null
    /** The length of the window in milliseconds. */
    readonly windowMs: number | null
    /** How many requests were sent in the current window. */
    readonly spent: number
    /** For how long the vendor has paused the account, in milliseconds. */
    readonly pausedForMs: number
  } | null
  /** The last error, if this process owns the account. */
  readonly lastError: { readonly message: string; readonly at: string } | null
}

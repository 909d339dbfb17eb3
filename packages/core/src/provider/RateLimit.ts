/** A documented rate limit: a number of requests in any window of time. */
export interface RateLimit {
  /** The maximum number of requests in one window. */
  readonly requests: number
  /** The length of the window, in milliseconds. */
  readonly windowMs: number
}

/** What a provider authenticates its requests with. */
export interface Credentials {
  /** The account's API key. Use it in headers only, and never in an error message. */
  readonly apiKey: string
  /** The name of the endpoint. Undefined if the account has a base URL only. */
  readonly endpoint: string | undefined
  /** The time to sign for. */
  readonly now: Date
}

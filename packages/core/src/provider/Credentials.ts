/** What a provider authenticates its requests with. */
export interface Credentials {
  /** The account's API key. Use it in headers only, and never in an error message. Empty if the account has none. */
  readonly apiKey: string
  /** The name of the endpoint. Undefined if the account has a base URL only. */
  readonly endpoint: string | undefined
  /** The time to sign for. */
  readonly now: Date
  /** A UUID that no other request of the account has. Set if the spec requires `nonce`. */
  readonly nonce?: string | undefined
  /** The token that the spec's `keyExchange` returned. */
  readonly token?: string | undefined
}

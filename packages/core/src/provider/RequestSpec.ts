/** A request as a provider describes it. Core adds the base URL and the credentials, and sends it. */
export interface RequestSpec {
  /** The HTTP method. */
  readonly method: "GET" | "POST"
  /** The path below the account's base URL, starting with `/`. Encode ids with `encodeURIComponent`. */
  readonly path: string
  /** Query parameters, not encoded. @default none */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Headers besides the credentials: exactly those that the vendor documents. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A JSON value, sent as JSON. @default no body */
  readonly body?: unknown
}

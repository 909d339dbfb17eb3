/** What goes over the wire to a vendor and comes back, as plain data. */

/** A request as a provider describes it. Core adds the base URL and the credentials, and sends it. */
export interface RequestSpec {
  readonly method: "GET" | "POST"
  /** The path below the account's base URL, beginning with `/`. Encode ids with `encodeURIComponent`. */
  readonly path: string
  /** Query parameters, not yet encoded. */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Headers besides the credentials: exactly those that the vendor's document shows. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A JSON value, sent as JSON. */
  readonly body?: unknown
}

/** A request as it will be sent, byte for byte, but for the credentials. */
export interface HttpRequest {
  readonly method: "GET" | "POST"
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** The exact text of the body; undefined for none. */
  readonly body: string | undefined
}

/** What a provider that signs its requests is given to sign with. */
export interface Credentials {
  readonly apiKey: string
  /** The endpoint's name; undefined where the account was given a base URL alone. */
  readonly endpoint: string | undefined
  /** The instant to sign for. */
  readonly now: Date
}

/** The HTTP side of an answer. */
export interface ResponseHead {
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

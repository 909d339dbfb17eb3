/** A complete HTTP request: what a provider signs, and what a transport sends. */
export interface HttpRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST"
  /** The absolute URL, with its query. */
  readonly url: URL
  /** Header names are in lower case. The credentials are missing while the provider authorizes the request. */
  readonly headers: Readonly<Record<string, string>>
  /** The exact text of the body. Undefined for no body. */
  readonly body: string | undefined
}

import type { HttpMethod } from "./HttpMethod.ts"

/** A complete HTTP request: what a provider signs, and what a transport sends. */
export interface HttpRequest {
  /** The HTTP method. HEAD only in requests of targets. */
  readonly method: HttpMethod | "HEAD"
  /** The absolute URL, with its query. */
  readonly url: URL
  /** Header names are in lower case. The credentials are missing while the provider authorizes the request. */
  readonly headers: Readonly<Record<string, string>>
  /** The exact text of the body. Undefined for no body, and for multipart forms and files. */
  readonly body: string | undefined
}

/** The one way to a vendor: sends a request, and answers with the whole answer or with why there is none. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"

/** How much and how long one request may take. */
export interface RequestLimits {
  /** From the start to the end of the answer's body, in milliseconds. */
  readonly timeout: number
  /** The largest body, in bytes; reading stops there. */
  readonly maxBytes: number
}

/** A whole answer. */
export interface TransportResponse {
  readonly status: number
  /** Header names are in lower case; a header that came more than once is joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** A request for a file. */
export interface DownloadRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** How long to wait for the answer's head, and for each further part of its body, in milliseconds. */
  readonly timeout: number
  /** Whether addresses that are not of the public internet may be reached. */
  readonly allowPrivate: boolean
}

/** An answer whose body is still to be read. Redirects are not followed. */
export interface DownloadResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /**
   * The body, as any stream of bytes gives it, or in parts of several chunks. The memory of either may be gone once the
   * next one is asked for.
   */
  readonly body: AsyncIterable<Uint8Array | ReadonlyArray<Uint8Array>>
}

/** Sends requests. Aborts at once when interrupted; follows no redirect; verifies TLS. */
export class Transport extends Context.Service<
  Transport,
  {
    readonly send: (
      request: HttpRequest,
      limits: RequestLimits
    ) => Effect.Effect<TransportResponse, ErrorReason>
    readonly open: (request: DownloadRequest) => Effect.Effect<DownloadResponse, ErrorReason, Scope.Scope>
  }
>()("@gentask/core/Transport") {}

import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"

/** The limits of one request. */
export interface RequestLimits {
  /** How long the request may take until its response is complete, in milliseconds. */
  readonly timeoutMs: number
  /** The maximum size of the response's body, in bytes. */
  readonly maxBytes: number
}

/** A complete response. */
export interface TransportResponse {
  /** The HTTP status. */
  readonly status: number
  /** Header names are in lower case. The values of a repeated header are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, decoded as UTF-8. */
  readonly text: string
}

/** A request for a file. Its method is GET. */
export interface DownloadRequest {
  /** The absolute URL of the file. */
  readonly url: URL
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** How long to wait for the head of the response, and then for each further chunk of its body, in milliseconds. */
  readonly timeoutMs: number
  /** Whether the URL may lead to an address that is not on the public internet. */
  readonly allowPrivate: boolean
}

/** A response whose body has not been read yet. */
export interface DownloadResponse {
  /** The HTTP status. A redirect is returned as it is. */
  readonly status: number
  /** Header names are in lower case. The values of a repeated header are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, as chunks or as batches of chunks. It can be read once. Each element is valid until the next is requested. */
  readonly body: AsyncIterable<Uint8Array | ReadonlyArray<Uint8Array>>
}

/** The operations of a transport. */
export interface TransportService {
  /** Sends a request and reads the complete response. */
  readonly send: (
    request: HttpRequest,
    limits: RequestLimits
  ) => Effect.Effect<TransportResponse, ErrorReason>
  /**
   * Opens a file for reading. Closing the scope aborts the request. Unless `allowPrivate` is set, it must fail with an
   * `Unreachable` whose code is `PRIVATE_ADDRESS` if the host resolves to an address that is not public.
   */
  readonly open: (request: DownloadRequest) => Effect.Effect<DownloadResponse, ErrorReason, Scope.Scope>
}

/** The key of the service `Transport`. */
const TransportKey: Context.ServiceClass<Transport, "@gentask/core/Transport", TransportService> =
  Context.Service<Transport, TransportService>()("@gentask/core/Transport")

/**
 * Sends HTTP requests: the port to the network. An implementation must
 *
 * - abort the request as soon as the effect is interrupted,
 * - return redirects instead of following them,
 * - verify TLS certificates,
 * - fail with `Unreachable`, `RequestTimedOut` or `ResponseTooLarge`, and never put credentials into a message.
 */
export class Transport extends TransportKey {}

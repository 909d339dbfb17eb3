import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import type { Delivery } from "./Delivery.ts"

/** The limits of one request. */
export interface RequestLimits {
  /**
   * How long the request may take until its response is complete, in milliseconds. While a payload is being sent, the
   * time starts again with each part of it.
   */
  readonly timeoutMs: number
  /** The maximum size of the response's body before and after decoding, in bytes. */
  readonly maxBytes: number
}

/** How a request is sent. */
export interface SendOptions {
  /**
   * The body, instead of the request's text. It is streamed, with its size as `content-length`. The request has its
   * `content-type`. @default the request's text
   */
  readonly payload?: Blob | undefined
  /**
   * Whether to use a new connection, which no other request has used or will use. A connection that is reused may be one
   * that the server is closing, and then it is not known whether the server received the request. @default false
   */
  readonly freshConnection?: boolean | undefined
  /** Whether the URL may lead to an address that is not on the public internet. @default true */
  readonly allowPrivate?: boolean | undefined
  /** Called immediately before the first byte of the request may be sent, so that an interrupted request is known to be unsent. */
  readonly onSend?: (() => void) | undefined
}

/** Why a request failed. */
export type SendError = ErrorReason & {
  /** Whether bytes of the request may have reached the server. @default "maybe-sent" */
  readonly delivery?: Delivery | undefined
}

/** A complete response. */
export interface TransportResponse {
  /** The HTTP status. */
  readonly status: number
  /** Header names are in lower case. The values of a repeated header are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text, without content codings and without a byte order mark. */
  readonly text: string
  /** Why the body could not be decoded, if so. `text` is empty then. */
  readonly bodyError?: string | undefined
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
  /** Sends a request once and reads the complete response. */
  readonly send: (
    request: HttpRequest,
    limits: RequestLimits,
    options?: SendOptions
  ) => Effect.Effect<TransportResponse, SendError>
  /**
   * Opens a file for reading. Closing the scope aborts the request. Unless `allowPrivate` is set, it must fail with an
   * `Unreachable` whose code is `PRIVATE_ADDRESS` if the host resolves to an address that is not public. A transport
   * that does not resolve names itself, as behind a proxy, checks hosts that are IP addresses.
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
 * - send each request at most once, and return redirects instead of following them,
 * - report `delivery: "not-sent"` only if no byte of the request can have reached the server,
 * - verify TLS certificates,
 * - decode the body of a response to `send`, and fail with `Unreachable` if it is incomplete,
 * - fail with `Unreachable`, `RequestTimedOut` or `ResponseTooLarge`, and never put credentials into a message.
 */
export class Transport extends TransportKey {}

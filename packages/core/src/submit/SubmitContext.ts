import type * as Effect from "effect/Effect"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { FileSource } from "../exchange/FileSource.ts"
import type { VendorResponse } from "../exchange/VendorResponse.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { Credentials } from "../provider/Credentials.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import type { RequestSpec, UncredentialedRequest } from "../provider/RequestSpec.ts"

/** Why a request has no response, and whether the vendor may have received a part of it. */
export interface SendFailure {
  readonly _tag: "SendFailure"
  readonly reason: ErrorReason
  /** `not-sent` only if the vendor surely received nothing. */
  readonly delivery: "not-sent" | "maybe-sent"
}

/**
 * Sends the request that creates the task once, on a connection of its own, when the rate limits permit it.
 *
 * @param onSend Called immediately before the first byte may be sent. Before that, nothing has been sent.
 * @param onPermit Called when the rate limits permit the request. A failure that it returns is the result, and nothing is
 *   sent.
 */
export type Post = (
  onSend: () => void,
  onPermit: () => SendFailure | undefined
) => Effect.Effect<VendorResponse, SendFailure | ConfigurationError>

/** Sends the requests of a submit. */
export interface SubmitExchange {
  /** Encodes the request that creates the task, once for all times that it is sent. */
  readonly encode: (
    request: RequestSpec,
    files: FileSource
  ) => Effect.Effect<Post, SendFailure | ConfigurationError>
  /**
   * Sends a request that can be repeated, such as an upload.
   *
   * @param authorize The authentication headers. @default those of the account
   */
  readonly send: (
    request: RequestSpec,
    files: FileSource,
    authorize?: (request: HttpRequest, credentials: Credentials) => Readonly<Record<string, string>>
  ) => Effect.Effect<VendorResponse, SendFailure | ConfigurationError>
  /** Sends a request to a URL that the vendor returned, without credentials. */
  readonly sendUncredentialed: (
    request: UncredentialedRequest,
    files: FileSource
  ) => Effect.Effect<void, SendFailure | ConfigurationError>
}

/** What submitting needs of the client. */
export interface SubmitContext {
  readonly account: ResolvedAccount
  /** Undefined if the client keeps no ledger. */
  readonly ledger: Ledger | undefined
  readonly exchange: SubmitExchange
  /** Ends when a task of the account has ended. Never ends if none is watched. */
  readonly taskEnd: Effect.Effect<void>
  /** Ends when the caller's signal is aborted, or when the client is closed. */
  readonly aborted: Effect.Effect<void>
  /** A random number from 0 to 1. */
  readonly random: () => number
  /** The process that submits, for `NewIntent.owner`. */
  readonly owner: string
  /** Whether the process that recorded an intent without an outcome may still be submitting it. */
  readonly isSubmitting: (intent: Intent) => boolean
}

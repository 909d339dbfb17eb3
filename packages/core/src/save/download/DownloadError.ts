/** Why an attempt to download an output failed. */
import * as Data from "effect/Data"

/** Why an attempt failed, which decides whether another one follows. */
export type DownloadErrorReason =
  /** A temporary failure: the same request may succeed. */
  | {
      readonly _tag: "Transient"
      readonly httpStatus?: number
      /** From the response's `Retry-After`. */
      readonly retryAfterMs?: number | undefined
    }
  /** The file server rejected the link itself: a new link may work. */
  | { readonly _tag: "LinkExpired"; readonly httpStatus: number }
  /** The file server requires credentials, and is not the account's own: a new link may work. */
  | { readonly _tag: "LinkForbidden"; readonly httpStatus: number }
  /** The file server has encoded the file in a way that is not supported. */
  | { readonly _tag: "UnsupportedEncoding"; readonly encoding: string }
  /** The file server rejected the request for good. */
  | { readonly _tag: "Rejected"; readonly httpStatus?: number }
  | { readonly _tag: "UnsafeLink" }
  | { readonly _tag: "TooLarge"; readonly bytes: number | undefined; readonly maxBytes: number }
  | { readonly _tag: "NotMedia" }
  | { readonly _tag: "Empty" }

/** A failed attempt. The message is the part of a sentence that says what is wrong, without a URL. */
export class DownloadError extends Data.TaggedError("DownloadError")<{
  readonly reason: DownloadErrorReason
  readonly message: string
  readonly cause?: unknown
}> {}

import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { FollowUp, QueryOutcome } from "../provider/QueryOutcome.ts"
import type { ResponseHead } from "../provider/ResponseHead.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Secrets } from "./redact.ts"
import type { TaskQuery } from "./TaskQuery.ts"

/** A complete response of a vendor. */
export interface ReceivedResponse {
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Why the body could not be decoded, if so. `text` is empty then. */
  readonly bodyError?: string | undefined
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number
}

/** What a response means. */
export type DecodedResponse =
  | {
      readonly _tag: "Snapshot"
      readonly snapshot: TaskSnapshot
      /** Delay until the next poll that the vendor suggests, in milliseconds. */
      readonly pollAfterMs: number | undefined
      /** Minimum delay until the next request that the vendor requires, in milliseconds. */
      readonly retryAfterMs: number | undefined
      /** The response as JSON. */
      readonly raw: unknown
      /** Whether another response with the same body means the same. @default false */
      readonly isRepeatable?: boolean
    }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }
  | { readonly _tag: "FollowUp"; readonly followUp: FollowUp }

/** How to decode one response: that of a query, or that of a follow-up. */
export interface ResponseDecoder {
  /** True if an earlier response knew the task, so that "not found" says nothing about it. */
  readonly isFollowUp?: boolean
  readonly response?: FollowUp["response"]
  readonly decode: (body: never, head: ResponseHead) => QueryOutcome
  readonly decodeError?: ((body: never, head: ResponseHead) => QueryOutcome | undefined) | undefined
}

/** A response while it is decoded. */
export interface Decoding {
  readonly query: TaskQuery
  readonly decoder: ResponseDecoder
  readonly response: ReceivedResponse
  readonly head: ResponseHead
  /** Whether the provider has read the headers of `head`. */
  readonly hasReadHeaders: () => boolean
  readonly body: unknown
  readonly retryAfterMs: number | undefined
  readonly secrets: Secrets
}

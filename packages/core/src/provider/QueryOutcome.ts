/** What a vendor's answer means. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { FailureReason } from "../task/Failure.ts"
import type { OutputKind, OutputRole } from "../task/Output.ts"
import type { TaskStatus } from "../task/TaskStatus.ts"
import type { ErrorReason } from "./ErrorReason.ts"
import type { ResponseHead, RequestSpec } from "./HttpRequest.ts"

/**
 * An instant as vendors write it: a number of seconds (below 10¹²) or of milliseconds since 1970, or an ISO 8601
 * text. Core reads it; 0, null and undefined mean that there is none, an impossible instant is dropped with a warning,
 * and a text without a time zone is read as UTC with one: add the zone where the vendor documents it.
 */
export type InstantInput = number | string | Date | null | undefined

/** An output as a provider found it. Core resolves, checks and completes it. */
export interface OutputDraft {
  readonly kind: OutputKind
  /** @default "result" */
  readonly role?: OutputRole | undefined
  /** A link, absolute or relative to the account's base URL; blanks and backticks around it are trimmed. */
  readonly url?: string | null | undefined
  /** Media in base64, with or without a `data:` prefix. */
  readonly base64?: string | null | undefined
  readonly mediaType?: string | null | undefined
  readonly width?: number | null | undefined
  readonly height?: number | null | undefined
  /** Only where the vendor says it outright; core reads signed links and documented lifetimes by itself. */
  readonly expiresAt?: InstantInput
  /** How long the link lives from when it was told, in milliseconds: for links that are made anew in each answer. */
  readonly expiresInMs?: number | null | undefined
}

/** A failure as a provider read it. */
export interface FailureDraft {
  /** @default "unknown" */
  readonly reason?: FailureReason | undefined
  readonly code?: string | number | null | undefined
  readonly message?: string | null | undefined
  readonly requestId?: string | null | undefined
  /** Whether submitting again may help; leave out where the vendor does not say. */
  readonly canResubmit?: boolean | null | undefined
}

/** A snapshot as a provider read it from an answer. Core normalises it. */
export interface SnapshotDraft {
  /** @default what the spec's `statuses` say of `rawStatus` */
  readonly status?: TaskStatus | undefined
  /** The vendor's own word. */
  readonly rawStatus?: string | null | undefined
  /** From 0 to 1: see `percent` and `fraction`. */
  readonly progress?: number | null | undefined
  readonly model?: string | null | undefined
  readonly prompt?: string | null | undefined
  readonly createdAt?: InstantInput
  readonly updatedAt?: InstantInput
  readonly completedAt?: InstantInput
  readonly outputs?: ReadonlyArray<OutputDraft> | undefined
  readonly failure?: FailureDraft | null | undefined
  /** Whole sentences about what was dropped or doubted. */
  readonly warnings?: ReadonlyArray<string> | undefined
  /** When the vendor asks to be asked again, in milliseconds from now. */
  readonly pollAfterMs?: number | null | undefined
}

/** One more request that a vendor needs before it has told everything, and what its answer means. */
export interface FollowUp<Body = unknown> {
  readonly request: RequestSpec
  readonly response: StandardSchemaV1<unknown, Body>
  readonly decode: (body: Body, http: ResponseHead) => QueryOutcome
  /** As in the exchange itself: some vendors tell only here, and by an HTTP error, that a task failed. */
  readonly decodeError?: ((body: Body, http: ResponseHead) => QueryOutcome | undefined) | undefined
}

/** What an answer means: a snapshot, a fault, or one more request. */
export type QueryOutcome =
  | { readonly _tag: "Snapshot"; readonly draft: SnapshotDraft }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }
  // oxlint-disable-next-line typescript/no-explicit-any -- the body's type is known to the follow-up alone
  | { readonly _tag: "FollowUp"; readonly followUp: FollowUp<any> }

/** The vendor told about the task. */
export const snapshot = (draft: SnapshotDraft): QueryOutcome => ({ _tag: "Snapshot", draft })

/** The vendor did not tell about the task. */
export const queryError = (reason: ErrorReason): QueryOutcome => ({ _tag: "Error", reason: reason })

/** The vendor needs one more request. */
export const followUp = <Body>(exchange: FollowUp<Body>): QueryOutcome => ({
  _tag: "FollowUp",
  followUp: exchange
})

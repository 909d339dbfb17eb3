import type { FailureReason } from "../task/Failure.ts"
import type { OutputKind, OutputRole } from "../task/Output.ts"
import type { TaskStatus } from "../task/TaskStatus.ts"
import type { Amount } from "../task/Amount.ts"

/**
 * A date as vendors write it: seconds (below 10¹²) or milliseconds since 1970, or ISO 8601 text. Core parses it. 0, null
 * and undefined count as absent. Impossible dates are ignored with a warning. Text without a time zone is read as UTC
 * with a warning: append the zone if the vendor documents it.
 */
export type InstantInput = number | string | Date | null | undefined

/** An output as a provider read it from a response. Core validates and completes it. */
export interface OutputDraft {
  /** The kind of media. */
  readonly kind: OutputKind
  /** What the output is for. @default "result" */
  readonly role?: OutputRole | undefined
  /**
   * An absolute URL, or one relative to the account's base URL. Core trims whitespace, quotes and backticks around it. An
   * output with neither `url` nor `base64` is ignored.
   */
  readonly url?: string | null | undefined
  /** The media in base64, with or without a `data:` prefix. Ignored if there is a `url`. */
  readonly base64?: string | null | undefined
  /** The media type that the vendor reports, such as `image/png`. */
  readonly mediaType?: string | null | undefined
  /** In pixels. */
  readonly width?: number | null | undefined
  /** In pixels. */
  readonly height?: number | null | undefined
  /** Set only if the vendor reports it. Core reads signed links and `resultLifetimeMs` itself. */
  readonly expiresAt?: InstantInput
  /** How long the link is valid after the response, in milliseconds: for links that each response creates anew. */
  readonly expiresInMs?: number | null | undefined
  /** Whether the link needs the account's credentials, on the account's own host. @default false */
  readonly isPrivate?: boolean | undefined
}

/** The failure of a task as a provider read it. */
export interface FailureDraft {
  /** The reason, if the vendor documents what its code means. @default "unknown" */
  readonly reason?: FailureReason | undefined
  /** The vendor's own code. */
  readonly code?: string | number | null | undefined
  /** The vendor's own message. */
  readonly message?: string | null | undefined
  /** The vendor's id of the request. */
  readonly requestId?: string | null | undefined
  /** Whether submitting the same task again may help. Omit it if the vendor does not document it. */
  readonly canResubmit?: boolean | null | undefined
}

/** A snapshot as a provider read it from a response. Core normalizes it. Omit what the vendor does not report. */
export interface SnapshotDraft {
  /** @default the status that the spec's `statuses` map `rawStatus` to */
  readonly status?: TaskStatus | undefined
  /** The vendor's own word for the status. */
  readonly rawStatus?: string | null | undefined
  /** From 0 to 1: see {@link percent} and {@link fraction}. */
  readonly progress?: number | null | undefined
  /** The model that made the outputs. */
  readonly model?: string | null | undefined
  /** The prompt of the task. */
  readonly prompt?: string | null | undefined
  /** When the task was created. */
  readonly createdAt?: InstantInput
  /** When the task last changed. */
  readonly updatedAt?: InstantInput
  /** When the task ended. Ignored unless the status is terminal. */
  readonly completedAt?: InstantInput
  /** The media files. Invalid and duplicate ones are removed. */
  readonly outputs?: ReadonlyArray<OutputDraft> | undefined
  /** Why the task failed. Ignored unless the status is `failed`, `canceled` or `expired`. */
  readonly failure?: FailureDraft | null | undefined
  /** Sentences about values that were ignored or are doubtful. */
  readonly warnings?: ReadonlyArray<string> | undefined
  /** How many tasks are before this one in the vendor's queue. */
  readonly queuePosition?: number | null | undefined
  /** What the vendor charged for the task. */
  readonly cost?: Amount | null | undefined
  /** Whether the vendor has added China's implicit label of generated content to the files. */
  readonly aigcMetaTagged?: boolean | null | undefined
  /** The delay until the next poll that the vendor suggests, in milliseconds. */
  readonly pollAfterMs?: number | null | undefined
}

import type { CancelResult } from "@gentask/core"
import type { ErrorJson } from "@gentask/core/schema"

/** A cancel that the owner of its account sends to the vendor, so that it counts against the rate limit. */
export interface QueuedCancel {
  /** A UUID. */
  readonly id: string
  readonly account: string
  readonly ref: string
}

/** The outcome of a cancel as JSON. */
export type CancelOutcome = { readonly result: CancelResult } | { readonly error: ErrorJson }

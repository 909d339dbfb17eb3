/** Why a task ended badly, in words that are the same for every vendor. */

/**
 * Why a task ended badly. `moderation`: the vendor's content rules; `invalid-input`: the request or its media;
 * `quota`: credits or limits; `timeout`: the vendor gave up; `canceled`: someone stopped it; `upstream`: a fault
 * of the vendor or of the model behind it.
 */
export type FailureReason =
  | "moderation"
  | "invalid-input"
  | "quota"
  | "timeout"
  | "canceled"
  | "upstream"
  | "unknown"

/** Why a task ended badly. */
export interface Failure {
  readonly reason: FailureReason
  /** The vendor's own code, as text. */
  readonly code: string | null
  /** The vendor's own words. */
  readonly message: string | null
  /** The vendor's id of the exchange, to quote to its support. */
  readonly requestId: string | null
  /** Whether submitting the same task again may help; null where nobody knows. A new task may cost money. */
  readonly canResubmit: boolean | null
}

/**
 * Why a task ended without a result:
 *
 * - `moderation`: the vendor's content rules rejected the input or the result
 * - `invalid-input`: the request or its media was invalid
 * - `quota`: not enough credits, or a limit was reached
 * - `timeout`: the task exceeded a time limit of the vendor
 * - `canceled`: the task was stopped
 * - `upstream`: the vendor, or the model behind it, failed
 * - `unknown`: the vendor documents no reason
 */
export type FailureReason =
  | "moderation"
  | "invalid-input"
  | "quota"
  | "timeout"
  | "canceled"
  | "upstream"
  | "unknown"

/** Why a task ended as `failed`, `canceled` or `expired`. */
export interface Failure {
  /** The reason, the same for all vendors. */
  readonly reason: FailureReason
  /** The vendor's own code, as text. */
  readonly code: string | null
  /** The vendor's own message. */
  readonly message: string | null
  /** The vendor's id of the request, to quote to its support. */
  readonly requestId: string | null
  /** Whether submitting the same task again may help. Null if unknown. Every submit may cost money. */
  readonly canResubmit: boolean | null
}

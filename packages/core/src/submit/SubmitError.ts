import type { ErrorReason } from "../provider/ErrorReason.ts"
import { isTransient } from "../provider/ErrorReason.ts"
import type { Failure } from "../task/Failure.ts"
import { GentaskError } from "../task/GentaskError.ts"
import { describeReason } from "../exchange/describeReason.ts"

/** Describes what a ledger failed with. */
export const describeLedgerError = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** What identifies a submit in an error. */
export interface SubmitErrorFields {
  /** The account, as in a task ref. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
  /** The idempotency key of the submit. */
  readonly idempotencyKey: string
  /** The id of the recorded intent. Null without a ledger. */
  readonly intent: string | null
}

/** The vendor created no task. Nothing was charged, as far as vendors document it. */
export class SubmitRejected extends GentaskError {
  /** The kind of error. */
  readonly _tag = "SubmitRejected"
  /** Equal to `_tag`. */
  override readonly name = "SubmitRejected"
  /** The account, as in a task ref. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
  /** The idempotency key of the submit. */
  readonly idempotencyKey: string
  /** The id of the recorded intent. Null without a ledger. */
  readonly intent: string | null
  /** Why, with the vendor's code, message and HTTP status where known. */
  readonly reason: ErrorReason
  /** The reason in the terms of a failed task, such as `moderation`. */
  readonly failure: Failure

  constructor(
    fields: SubmitErrorFields & { readonly reason: ErrorReason; readonly failure: Failure },
    options?: ErrorOptions
  ) {
    super(`${fields.account} ${fields.model}: no task was created: ${describeReason(fields.reason)}`, options)
    this.account = fields.account
    this.model = fields.model
    this.idempotencyKey = fields.idempotencyKey
    this.intent = fields.intent
    this.reason = fields.reason
    this.failure = fields.failure
  }

  /** Whether the same submit may succeed later. */
  get isRetryable(): boolean {
    return isTransient(this.reason)
  }
}

/**
 * The request was sent, but the vendor's response does not say whether there is a task now. gentask does not send it
 * again: that could create and charge a second task.
 *
 * `reconcile` looks for the task where the vendor has a way to find it. Otherwise look for it in the vendor's console, by the
 * prompt and the time.
 */
export class SubmitOutcomeUnknown extends GentaskError {
  /** The kind of error. */
  readonly _tag = "SubmitOutcomeUnknown"
  /** Equal to `_tag`. */
  override readonly name = "SubmitOutcomeUnknown"
  /** Always false: another submit could create a second task. */
  readonly isRetryable = false
  /** The account, as in a task ref. */
  readonly account: string
  /** The vendor's name of the model. */
  readonly model: string
  /** The idempotency key of the submit. */
  readonly idempotencyKey: string
  /** The id of the recorded intent. Null without a ledger. */
  readonly intent: string | null
  /** What the last attempt ended with. */
  readonly lastError: ErrorReason

  constructor(fields: SubmitErrorFields & { readonly lastError: ErrorReason }, options?: ErrorOptions) {
    const name = fields.intent === null ? `the key ${fields.idempotencyKey}` : `intent ${fields.intent}`
    super(
      `${fields.account} ${fields.model}: it is unknown whether the vendor created a task (${name}). Last attempt: ${describeReason(fields.lastError)} Do not submit again before you have checked: reconcile the intent, or look for the task in the vendor's console.`,
      options
    )
    this.account = fields.account
    this.model = fields.model
    this.idempotencyKey = fields.idempotencyKey
    this.intent = fields.intent
    this.lastError = fields.lastError
  }
}

/** An input file could not be uploaded. No task was created, and nothing was charged. */
export class UploadFailed extends GentaskError {
  /** The kind of error. */
  readonly _tag = "UploadFailed"
  /** Equal to `_tag`. */
  override readonly name = "UploadFailed"
  /** The account, as in a task ref. */
  readonly account: string
  /** The file's name. */
  readonly file: string
  /** Why, with the vendor's code, message and HTTP status where known. */
  readonly reason: ErrorReason

  constructor(
    fields: { readonly account: string; readonly file: string; readonly reason: ErrorReason },
    options?: ErrorOptions
  ) {
    super(
      `${fields.account}: uploading ${fields.file} failed, and no task was created: ${describeReason(fields.reason)}`,
      options
    )
    this.account = fields.account
    this.file = fields.file
    this.reason = fields.reason
  }

  /** Whether the same upload may succeed later. */
  get isRetryable(): boolean {
    return isTransient(this.reason)
  }
}

/** The ledger cannot be read or written. No task was created. */
export class LedgerFailed extends GentaskError {
  /** The kind of error. */
  readonly _tag = "LedgerFailed"
  /** Equal to `_tag`. */
  override readonly name = "LedgerFailed"
  /** Whether the same call may succeed later without any change. */
  readonly isRetryable = true

  /** @param cause What the ledger failed with. */
  constructor(cause?: unknown) {
    const why = cause === undefined ? "" : `: ${describeLedgerError(cause)}`
    super(`The ledger cannot be used, and no task was created${why}`, cause === undefined ? {} : { cause })
  }
}

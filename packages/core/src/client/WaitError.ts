import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ClientClosed } from "../exchange/ClientClosed.ts"
import type { ProviderError } from "../exchange/ProviderError.ts"
import { GentaskError } from "../task/GentaskError.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import { oneLine } from "../task/oneLine.ts"
import type { TaskSnapshot, TerminalSnapshot } from "../task/TaskSnapshot.ts"

const describeFailure = ({ ref, status, failure }: TerminalSnapshot): string => {
  const code = failure?.code == null ? "" : `, code ${oneLine(failure.code)}`
  const reason = failure === null ? "" : ` (${failure.reason}${code})`
  const message = failure?.message == null ? "" : `: ${oneLine(failure.message)}`
  const advice =
    failure?.canResubmit == null
      ? ""
      : failure.canResubmit
        ? " Submitting again may help. It creates a new task, which may cost again."
        : " Submitting the same request again will not help."
  return `${ref} ${status}${reason}${message}${/[.!?。！？]$/u.test(message) ? "" : "."}${advice}`
}

/** The task ended as `failed`, `canceled` or `expired`. The snapshot has the vendor's reason. */
export class TaskFailed extends GentaskError {
  /** The kind of error. */
  readonly _tag = "TaskFailed"
  /** Equal to `_tag`. */
  override readonly name = "TaskFailed"
  /** Whether the same call may succeed later without any change. */
  readonly isRetryable = false
  /** The task ref. */
  readonly ref: string
  /** The last snapshot of the task. */
  readonly snapshot: TerminalSnapshot

  constructor(snapshot: TerminalSnapshot) {
    super(describeFailure(snapshot))
    this.ref = snapshot.ref
    this.snapshot = snapshot
  }
}

/** The fields of a {@link StillRunning} error. */
export interface StillRunningFields {
  /** The task ref. */
  readonly ref: string
  /** The last snapshot. */
  readonly snapshot: TaskSnapshot | null
  /** The error of the last poll. Null if it succeeded. */
  readonly lastError: ProviderError | null
}

const describeStatus = ({ ref, snapshot, lastError }: StillRunningFields): string => {
  const status = snapshot === null ? "has not been reported by the vendor" : `is still ${snapshot.status}`
  const error =
    lastError === null ? "" : ` Last attempt: ${lastError.message.slice(lastError.ref.length + 2)}`
  return `${ref} ${status} at the deadline.${error} Wait for the same ref to resume.`
}

/** The timeout of a wait passed before the task ended. Wait for the same ref to resume. */
export class StillRunning extends GentaskError {
  /** The kind of error. */
  readonly _tag = "StillRunning"
  /** Equal to `_tag`. */
  override readonly name = "StillRunning"
  /** Whether the same call may succeed later without any change. */
  readonly isRetryable = true
  /** The task ref. */
  readonly ref: string
  /** The last snapshot. Null if the vendor has not reported the task yet. */
  readonly snapshot: TaskSnapshot | null
  /** The error of the last poll. Null if the last poll succeeded, or if there was none. */
  readonly lastError: ProviderError | null

  constructor(fields: StillRunningFields) {
    super(describeStatus(fields), fields.lastError === null ? {} : { cause: fields.lastError })
    this.ref = fields.ref
    this.snapshot = fields.snapshot
    this.lastError = fields.lastError
  }
}

/** Errors of `query` and `watch`. */
export type QueryError = ProviderError | ConfigurationError | InvalidTaskRef | ClientClosed

/** Errors of `wait`. */
export type WaitError = TaskFailed | StillRunning | QueryError

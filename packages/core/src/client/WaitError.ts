/** How a wait can end other than with a success. */
import * as Data from "effect/Data"
import type { TaskSnapshot, TerminalSnapshot } from "../task/TaskSnapshot.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import type { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ProviderError } from "../exchange/ProviderError.ts"

const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim()

/** The task ended, and not well: failed, canceled or expired. The snapshot tells all that the vendor told. */
export class TaskFailed extends Data.TaggedError("TaskFailed")<{
  readonly ref: string
  readonly snapshot: TerminalSnapshot
  readonly message: string
}> {
  static make(snapshot: TerminalSnapshot): TaskFailed {
    const { failure } = snapshot
    const code = failure?.code == null ? "" : `, code ${oneLine(failure.code)}`
    const why = failure === null ? "" : ` (${failure.reason}${code})`
    const words = failure?.message == null ? "" : `: ${oneLine(failure.message)}`
    const again =
      failure?.canResubmit == null
        ? ""
        : failure.canResubmit
          ? " Submitting it again may help; that is a new task, and may cost again."
          : " Submitting the same again will not help."
    const message = `${snapshot.ref} ${snapshot.status}${why}${words}${/[.!?]$/.test(words) ? "" : "."}${again}`
    return new TaskFailed({ ref: snapshot.ref, snapshot, message })
  }
}

/** The caller's deadline came before the task's end. Nothing is lost: the ref resumes the wait at any time. */
export class StillRunning extends Data.TaggedError("StillRunning")<{
  readonly ref: string
  /** What the vendor said last; null if it said nothing yet. */
  readonly snapshot: TaskSnapshot | null
  readonly message: string
}> {
  static make(ref: string, snapshot: TaskSnapshot | null): StillRunning {
    const where = snapshot === null ? "unanswered" : snapshot.status
    return new StillRunning({
      ref,
      snapshot,
      message: `${ref} is still ${where} at the deadline. Wait for the same ref again to go on.`
    })
  }
}

/** Why a task could not be asked about. */
export type QueryError = ProviderError | ConfigurationError | InvalidTaskRef

/** Every way in which a wait can end other than with a success. */
export type WaitError = TaskFailed | StillRunning | QueryError

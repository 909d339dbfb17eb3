/** What a vendor said about a task at one moment, normalised. */
import type { Failure } from "./Failure.ts"
import type { Output } from "./Output.ts"
import type { TaskStatus, TerminalStatus } from "./TaskStatus.ts"

/** What a vendor said about a task at one moment. Absent values are null, so that every snapshot has every key. */
export interface TaskSnapshot {
  /** The task's ref as text: `provider[@account]:taskId[?hint=value]`. */
  readonly ref: string
  readonly provider: string
  readonly account: string
  /** The vendor's task id. */
  readonly id: string
  readonly status: TaskStatus
  /** The vendor's own word for the status. */
  readonly rawStatus: string | null
  /** From 0 to 1; null where the vendor tells none. */
  readonly progress: number | null
  readonly model: string | null
  readonly prompt: string | null
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
  readonly completedAt: Date | null
  readonly outputs: ReadonlyArray<Output>
  /** Set when the status is `failed`, `canceled` or `expired`. */
  readonly failure: Failure | null
  /** What was dropped or doubted, such as a link that is no link: whole sentences. */
  readonly warnings: ReadonlyArray<string>
  /** The vendor's own answer, as JSON: only where it was asked for. */
  readonly raw?: unknown
}

/** A snapshot that is an end. */
export interface TerminalSnapshot extends TaskSnapshot {
  readonly status: TerminalStatus
}

/** A snapshot of a task that succeeded: what `wait` answers. */
export interface SucceededSnapshot extends TaskSnapshot {
  readonly status: "succeeded"
}

const failureToJson = ({ canResubmit, ...rest }: Failure) => ({ ...rest, resubmit: canResubmit })

/**
 * The snapshot as plain JSON, the line that the command line prints with `--json`: instants are ISO 8601 in UTC,
 * and inline media is told by its size instead of its bytes.
 */
export const toJson = (snapshot: TaskSnapshot): Record<string, unknown> => ({
  ...snapshot,
  failure: snapshot.failure === null ? null : failureToJson(snapshot.failure),
  outputs: snapshot.outputs.map((output) => ({
    ...output,
    inline: output.inline === null ? null : { bytes: output.inline.bytes }
  }))
})

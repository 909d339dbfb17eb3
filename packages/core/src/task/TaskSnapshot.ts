import type { Amount } from "./Amount.ts"
import type { Failure } from "./Failure.ts"
import type { Output } from "./Output.ts"
import type { TaskStatus, TerminalStatus } from "./TaskStatus.ts"

/**
 * What a vendor reported about a task at one moment, normalized. Every snapshot has every key: values that the vendor
 * does not report are null. Later versions may add keys.
 */
export interface TaskSnapshot {
  /** The task ref: `provider[@account]:taskId[?param=value]`. */
  readonly ref: string
  /** The provider's id. */
  readonly provider: string
  /** The account's name. */
  readonly account: string
  /** The vendor's task id. */
  readonly id: string
  /** The normalized status. */
  readonly status: TaskStatus
  /** The vendor's own word for the status. */
  readonly rawStatus: string | null
  /** From 0 to 1. */
  readonly progress: number | null
  /** The model that the vendor reports. */
  readonly model: string | null
  /** The prompt that the vendor reports. */
  readonly prompt: string | null
  /** When the task was created. */
  readonly createdAt: Date | null
  /** When the task last changed. */
  readonly updatedAt: Date | null
  /** When the task ended. */
  readonly completedAt: Date | null
  /** The media files of the task. Empty unless the vendor reports any. */
  readonly outputs: ReadonlyArray<Output>
  /** Set if the status is `failed`, `canceled` or `expired`. */
  readonly failure: Failure | null
  /** How many tasks are before this one in the vendor's queue. */
  readonly queuePosition: number | null
  /** What the vendor charged for the task. */
  readonly cost: Amount | null
  /**
   * Whether the vendor reports that it has added China's implicit label of generated content (GB 45438-2025) to the files.
   * Absent if it reports nothing.
   */
  readonly aigcMetaTagged?: boolean | undefined
  /** Sentences about values that were ignored or are doubtful, such as an output's invalid link. */
  readonly warnings: ReadonlyArray<string>
  /** The vendor's response as JSON. Set only if the option `raw` requested it. */
  readonly raw?: unknown
}

/** A snapshot of a task that has ended. */
export interface TerminalSnapshot extends TaskSnapshot {
  /** The status that the task ended with. */
  readonly status: TerminalStatus
}

/** A snapshot of a task that has succeeded: what `wait` returns. */
export interface SucceededSnapshot extends TaskSnapshot {
  /** Always `succeeded`. */
  readonly status: "succeeded"
}

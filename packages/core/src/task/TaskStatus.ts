/**
 * The status of a task, the same for all vendors. `unknown` stands for a vendor's status that gentask does not know. It
 * is not terminal: polling continues.
 */
export type TaskStatus = "queued" | "running" | "succeeded" | "failed" | "canceled" | "expired" | "unknown"

/** The statuses of a task that has ended. */
export type TerminalStatus = "succeeded" | "failed" | "canceled" | "expired"

const terminal: ReadonlySet<TaskStatus> = new Set<TaskStatus>(["succeeded", "failed", "canceled", "expired"])

/**
 * Checks whether a task with this status has ended.
 *
 * ```ts
 * isTerminal("failed") // true
 * isTerminal("unknown") // false
 * ```
 */
export const isTerminal = (status: TaskStatus): status is TerminalStatus => terminal.has(status)

/** The words for where a task stands, the same for every vendor. */

/**
 * Where a task stands. `unknown` is not an end: it stands for a vendor's word that gentask does not know, and
 * asking goes on.
 */
export type TaskStatus = "queued" | "running" | "succeeded" | "failed" | "canceled" | "expired" | "unknown"

/** The statuses that are an end: nothing more will happen to the task. */
export type TerminalStatus = "succeeded" | "failed" | "canceled" | "expired"

const terminal: ReadonlySet<TaskStatus> = new Set<TaskStatus>(["succeeded", "failed", "canceled", "expired"])

/** Tells whether a status is an end. */
export const isTerminal = (status: TaskStatus): status is TerminalStatus => terminal.has(status)

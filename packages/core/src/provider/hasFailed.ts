import type { TaskStatus } from "../task/TaskStatus.ts"

/**
 * Checks whether a task has ended without a result, so that the response may contain the reason.
 *
 * ```ts
 * failure: hasFailed(statusOf(body.status)) ? readErrorDetail(body) : undefined
 * ```
 */
export const hasFailed = (status: TaskStatus): boolean =>
  status === "failed" || status === "canceled" || status === "expired"

import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"

/** Returns the newer snapshot. The progress of a task that has not ended never decreases. */
export const mergeSnapshot = (last: TaskSnapshot | undefined, next: TaskSnapshot): TaskSnapshot => {
  if (last?.progress == null || isTerminal(next.status)) return next
  if (next.progress !== null && next.progress >= last.progress) return next
  return { ...next, progress: last.progress }
}

/** Whether a snapshot differs from the last one in anything that subscribers are notified about. */
export const hasChanged = (last: TaskSnapshot | undefined, next: TaskSnapshot): boolean =>
  last === undefined ||
  last.status !== next.status ||
  last.rawStatus !== next.rawStatus ||
  last.progress !== next.progress ||
  last.queuePosition !== next.queuePosition ||
  last.outputs.length !== next.outputs.length ||
  last.warnings.length !== next.warnings.length

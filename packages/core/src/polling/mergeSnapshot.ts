/** How one snapshot of a task follows another. */
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"

/** The newer snapshot, with progress that does not go back while the task goes on. */
export const mergeSnapshot = (last: TaskSnapshot | undefined, next: TaskSnapshot): TaskSnapshot => {
  if (last?.progress == null || isTerminal(next.status)) return next
  if (next.progress !== null && next.progress >= last.progress) return next
  return { ...next, progress: last.progress }
}

/** Whether a snapshot says anything that the last one did not. */
export const hasChanged = (last: TaskSnapshot | undefined, next: TaskSnapshot): boolean =>
  last === undefined ||
  last.status !== next.status ||
  last.rawStatus !== next.rawStatus ||
  last.progress !== next.progress ||
  last.outputs.length !== next.outputs.length ||
  last.warnings.length !== next.warnings.length

import { isTerminal } from "../task/TaskStatus.ts"
import type { SnapshotJson } from "../task/toJson.ts"

/** What decides which of two snapshots of a task is kept. */
export type ComparableSnapshot = Pick<SnapshotJson, "status" | "updatedAt" | "outputs">

const isOlder = (snapshot: ComparableSnapshot, other: ComparableSnapshot): boolean =>
  snapshot.updatedAt !== null &&
  other.updatedAt !== null &&
  Date.parse(snapshot.updatedAt) < Date.parse(other.updatedAt)

/**
 * Checks whether a ledger replaces the recorded snapshot of a task. Several processes may query a task, so snapshots may
 * be recorded in another order than the vendor sent them:
 *
 * - A task that has ended does not return to a status that is not terminal.
 * - A task that has ended changes to another terminal status only if that is `succeeded`, so that no result is lost.
 * - Otherwise a snapshot is replaced unless the vendor reports that it changed later.
 * - Outputs of a task that has succeeded are not replaced by none.
 *
 * @param recorded The snapshot in the ledger.
 * @param snapshot The snapshot to record.
 */
export const isUpdate = (recorded: ComparableSnapshot, snapshot: ComparableSnapshot): boolean => {
  if (isTerminal(recorded.status) && snapshot.status !== recorded.status) {
    return snapshot.status === "succeeded"
  }
  if (isTerminal(snapshot.status) && !isTerminal(recorded.status)) return true
  if (recorded.status === "succeeded" && recorded.outputs.length > 0 && snapshot.outputs.length === 0) {
    return false
  }
  return !isOlder(snapshot, recorded)
}

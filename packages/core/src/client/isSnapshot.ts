import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { RefInput } from "./OperationOptions.ts"

/** Whether a task is given as a snapshot, and not as a ref. */
export const isSnapshot = (task: TaskSnapshot | RefInput): task is TaskSnapshot => {
  try {
    return typeof task === "object" && task !== null && "status" in task
  } catch {
    // A revoked proxy, for example.
    return false
  }
}

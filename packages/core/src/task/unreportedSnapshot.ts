import * as TaskRef from "./TaskRef.ts"
import type { TaskSnapshot } from "./TaskSnapshot.ts"
import type { TaskStatus } from "./TaskStatus.ts"

/**
 * Returns the snapshot of a task that the vendor has not reported yet.
 *
 * @throws {InvalidTaskRef} If the text is not a task ref.
 */
export const unreportedSnapshot = (ref: string, status: TaskStatus): TaskSnapshot => {
  const { provider, account = provider, id } = TaskRef.parse(ref)
  return {
    ref,
    provider,
    account,
    id,
    status,
    rawStatus: null,
    progress: null,
    model: null,
    prompt: null,
    createdAt: null,
    updatedAt: null,
    completedAt: null,
    outputs: [],
    failure: null,
    queuePosition: null,
    cost: null,
    warnings: []
  }
}

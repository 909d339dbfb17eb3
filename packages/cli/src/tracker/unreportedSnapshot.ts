import { TaskRef } from "@gentask/core"
import type { TaskSnapshot, TaskStatus } from "@gentask/core"

/** Returns the snapshot of a task that the vendor has not reported yet. */
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

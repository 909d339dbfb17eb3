import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { normalizeSnapshot } from "../exchange/normalizeSnapshot.ts"
import { buildRequest, makeTaskQuery } from "../exchange/TaskQuery.ts"
import type { SnapshotDraft } from "../provider/SnapshotDraft.ts"
import type { SubmittedTask } from "../provider/SubmitOutcome.ts"
import * as TaskRef from "../task/TaskRef.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"

/** The snapshots of new tasks, and sentences about refs that the provider cannot query. */
export interface FirstSnapshots {
  readonly snapshots: ReadonlyArray<TaskSnapshot>
  readonly warnings: ReadonlyArray<string>
}

/** Whether the vendor cannot be queried for a task, so that the response to the submit is its result. */
const completesOnSubmit = (ref: TaskRef.TaskRef, account: ResolvedAccount): boolean => {
  try {
    return makeTaskQuery(ref, account).completesOnSubmit
  } catch {
    return false
  }
}

/** A ref that cannot be queried is kept nevertheless, because the task exists and may cost money. */
const checkRef = (ref: TaskRef.TaskRef, account: ResolvedAccount): ReadonlyArray<string> => {
  try {
    buildRequest(makeTaskQuery(ref, account), account.spec.query)
    return []
  } catch (error) {
    return [
      `The task exists, but cannot be queried: ${error instanceof Error ? error.message : String(error)}`
    ]
  }
}

/**
 * Creates the snapshots of the tasks that a vendor has accepted.
 *
 * @param submitted The model and the prompt that were submitted, for vendors that do not repeat them.
 */
export const firstSnapshots = (
  account: ResolvedAccount,
  tasks: ReadonlyArray<SubmittedTask>,
  draft: SnapshotDraft | undefined,
  submitted: { readonly model: string; readonly prompt: string | null; readonly at: number }
): FirstSnapshots => {
  const warnings: Array<string> = []
  const snapshots = tasks.map(({ id, params = {} }, index): TaskSnapshot => {
    const ref: TaskRef.TaskRef = {
      provider: account.spec.id,
      account: account.name === account.spec.id ? undefined : account.name,
      id,
      params
    }
    warnings.push(...checkRef(ref, account))
    const context = {
      ref: TaskRef.format(ref),
      id,
      provider: account.spec.id,
      account: account.name,
      baseUrl: account.baseUrl,
      at: submitted.at,
      resultLifetime: account.spec.resultLifetimeMs,
      statuses: account.spec.statuses
    }
    const own = index === 0 ? (draft ?? {}) : {}
    const isComplete = completesOnSubmit(ref, account)
    const snapshot = normalizeSnapshot(
      {
        status: own.rawStatus == null ? "queued" : undefined,
        ...(isComplete ? { completedAt: new Date(submitted.at) } : {}),
        ...own
      },
      context
    )
    const completed = {
      ...snapshot,
      model: snapshot.model ?? submitted.model,
      prompt: snapshot.prompt ?? submitted.prompt,
      createdAt: snapshot.createdAt ?? new Date(submitted.at)
    }
    if (isComplete && isTerminal(snapshot.status)) return completed
    return {
      ...completed,
      // Whether a new task has ended is for a query to say, which also reads its outputs.
      status: isTerminal(snapshot.status) || snapshot.status === "unknown" ? "queued" : snapshot.status,
      completedAt: null,
      outputs: [],
      failure: null
    }
  })
  return { snapshots, warnings }
}

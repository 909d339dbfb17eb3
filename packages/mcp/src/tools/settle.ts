import { ConfigurationError, InvalidTaskRef, TaskRef } from "@gentask/core"
import type { Settled, TaskSnapshot } from "@gentask/core"
import type { McpContext } from "../McpOptions.ts"
import type { CallContext } from "../server/CallContext.ts"
import { withProgress } from "../server/withProgress.ts"
import { describeTask } from "../results/describeTask.ts"

/** What became of a task. */
export interface SettledTask {
  readonly ref: string
  readonly snapshot: TaskSnapshot | null
  /** Why the task has no result. Undefined if it succeeded. */
  readonly error:
    | (Settled & { readonly ok: false })["error"]
    | ConfigurationError
    | InvalidTaskRef
    | undefined
}

/** Returns the canonical text of a ref, or the text itself if it is invalid. */
export const canonical = (text: string): string => {
  try {
    return TaskRef.format(TaskRef.parse(text))
  } catch {
    return text
  }
}

const toSettled = (settled: Settled): SettledTask => ({
  ref: settled.ref,
  snapshot: settled.ok ? settled.snapshot : (settled.snapshot ?? null),
  error: settled.ok ? undefined : settled.error
})

/** Waits for tasks for a limited time, and reports progress. The results are in the order of the refs. */
export const settle = (
  refs: ReadonlyArray<string>,
  seconds: number,
  { backend }: McpContext,
  call: CallContext
): Promise<ReadonlyArray<SettledTask>> => {
  const snapshots = new Map<string, TaskSnapshot>()
  const unique = [...new Set(refs.map(canonical))]
  const results = new Map<string, SettledTask>()
  const describe = (): string =>
    `${results.size} of ${unique.length} ended. ${[...snapshots.values()].slice(0, 5).map(describeTask).join("; ")}`
  return withProgress(call, describe, async (report) => {
    const onUpdate = (snapshot: TaskSnapshot): void => {
      snapshots.set(snapshot.ref, snapshot)
      report()
    }
    const { signal } = call
    const waiting = backend.tasks.waitAll(unique, { timeout: seconds * 1000, onUpdate, signal })
    for await (const settled of waiting) results.set(settled.ref, toSettled(settled))
    return unique.flatMap((ref) => results.get(ref) ?? [])
  })
}

/** Creates, polls and saves tasks with a client of gentask. */
import type { Gentask, SaveOptions, SucceededSnapshot, TaskSnapshot, TerminalSnapshot } from "@gentask/core"
import { taskFailedError } from "./GentaskGenerationError.ts"
import { isRetryable } from "./isRetryable.ts"
import { downloadResults, linkResults, saveAndRead, saveResults } from "./readResults.ts"
import type { PollOptions, ResultMode, TaskPort, TaskState } from "./TaskPort.ts"

/** For how long one poll may take, with its retries. The AI SDK polls again. */
const pollMs = 20_000
/** For how long an unknown task may be one that was just created. */
const notFoundGraceMs = 60_000

/** What the port needs of a client. */
export type ClientOperations = Pick<Gentask, "query" | "save" | "submit" | "wait">

/** How results are returned. */
export interface ClientPortOptions {
  readonly mode: ResultMode
  readonly save: SaveOptions | undefined
}

const tagOf = (error: unknown): unknown => (error as { readonly _tag?: unknown } | undefined)?._tag

const reasonOf = (error: unknown): unknown =>
  tagOf(error) === "ProviderError" ? tagOf((error as { readonly reason?: unknown }).reason) : undefined

const isFailed = (snapshot: TaskSnapshot): snapshot is TerminalSnapshot =>
  snapshot.status === "failed" || snapshot.status === "canceled" || snapshot.status === "expired"

/** Creates, polls and saves tasks with a client of gentask. */
export const makeClientPort = (gentask: ClientOperations, { mode, save }: ClientPortOptions): TaskPort => {
  const succeeded = (snapshot: SucceededSnapshot): TaskState => ({
    state: "succeeded",
    files: async (signal) => {
      if (mode === "url") return linkResults(snapshot)
      if (save === undefined) return downloadResults(gentask, snapshot, {}, signal)
      return (mode === "bytes" ? saveAndRead : saveResults)(gentask, snapshot, save, signal)
    }
  })

  const stateOf = async (snapshot: TaskSnapshot): Promise<TaskState> => {
    if (snapshot.status === "succeeded") return succeeded(snapshot as SucceededSnapshot)
    if (!isFailed(snapshot)) return { state: "pending" }
    const { TaskFailed } = await import("@gentask/core")
    return { state: "failed", error: taskFailedError(new TaskFailed(snapshot), snapshot.ref) }
  }

  const waitFor = async (
    ref: string,
    timeout: number | undefined,
    signal: AbortSignal | undefined
  ): Promise<TaskState> => {
    try {
      return succeeded(await gentask.wait(ref, { timeout, signal }))
    } catch (error) {
      if (tagOf(error) === "TaskFailed")
        return { state: "failed", error: taskFailedError(error as Error, ref) }
      if (tagOf(error) === "StillRunning") return { state: "pending" }
      throw error
    }
  }

  const poll = async (ref: string, { submittedAt = 0, signal }: PollOptions): Promise<TaskState> => {
    const timeout = AbortSignal.timeout(pollMs)
    try {
      return await stateOf(
        await gentask.query(ref, {
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout])
        })
      )
    } catch (error) {
      signal?.throwIfAborted()
      if (timeout.aborted) return { state: "pending" }
      const reason = reasonOf(error)
      if (reason === "TaskNotFound")
        // A time in the future is invalid, or that of another clock: the task would be pending forever.
        return Math.abs(Date.now() - submittedAt) < notFoundGraceMs
          ? { state: "pending" }
          : // A vendor may not find a task for a moment. `wait` decides that from several polls.
            waitFor(ref, notFoundGraceMs, signal)
      if (reason !== undefined && (isRetryable(error) || reason === "ResponseTooLarge"))
        return { state: "pending" }
      throw error
    }
  }

  return {
    hasWebhooks: false,
    submit: async (request, { signal }) => gentask.submit(request, { signal }),
    poll,
    wait: (ref, signal) => waitFor(ref, undefined, signal)
  }
}

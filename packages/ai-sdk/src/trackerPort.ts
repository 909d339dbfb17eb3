/** Creates and polls tasks with a tracker, which saves their results. */
import { createHash } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import type { TerminalSnapshot } from "@gentask/core"
import type { FileJson, TaskJson, TrackerClient } from "@gentask/tracker/client"
import { taskFailedError } from "./GentaskGenerationError.ts"
import { isRetryable } from "./isRetryable.ts"
import { linkResults } from "./readResults.ts"
import type { ResultFile, ResultMode, TaskPort, TaskState } from "./TaskPort.ts"

/** For how many seconds one request waits. A longer wait takes several. */
const waitSeconds = 30
const retryDelayMs = 1000

/** What the port needs of the client of a tracker. */
export type TrackerOperations = Pick<TrackerClient, "get" | "openFile" | "submit">

/** The error of a file that is not what the tracker has saved. Another download may be. */
class IncompleteDownload extends Error {
  readonly isRetryable = true
}

const failures: ReadonlySet<string> = new Set(["failed", "canceled", "expired"])

/** Creates and polls tasks with a tracker. */
export const makeTrackerPort = (tracker: TrackerOperations, mode: ResultMode): TaskPort => {
  const download = async (file: FileJson, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    const stream = await tracker.openFile(file, { signal })
    const chunks: Array<Uint8Array> = []
    const hash = createHash("sha256")
    try {
      for await (const chunk of stream) {
        chunks.push(chunk)
        hash.update(chunk)
      }
    } catch (cause) {
      signal?.throwIfAborted()
      throw new IncompleteDownload(`The download of ${file.name} from the tracker ended early.`, { cause })
    }
    if (hash.digest("hex") !== file.sha256)
      throw new IncompleteDownload(`The download of ${file.name} from the tracker is incomplete.`)
    return Buffer.concat(chunks)
  }

  const readFiles = async (
    { ref, files, lastError, saveState }: TaskJson,
    signal: AbortSignal | undefined
  ): Promise<ReadonlyArray<ResultFile>> => {
    if (saveState !== "saved")
      throw new Error(
        `The task has succeeded, but the tracker has not saved its results: ${lastError ?? `the save state is ${saveState}`}`
      )
    const results = files.filter(({ role }) => role === "result")
    return Promise.all(
      (results.length === 0 ? files : results).map(async (file) => ({
        ref,
        mediaType: file.mediaType,
        path: file.path,
        bytes: file.bytes,
        sha256: file.sha256,
        ...(file.publicUrl == null ? {} : { publicUrl: file.publicUrl }),
        ...(mode === "bytes" ? { data: await download(file, signal) } : {})
      }))
    )
  }

  const stateOf = async (task: TaskJson): Promise<TaskState> => {
    const { ref, status, snapshot, saveState } = task
    if (failures.has(status)) {
      const { TaskFailed } = await import("@gentask/core")
      const error =
        snapshot === null
          ? new Error(`${ref} ${status}.`)
          : new TaskFailed(snapshot as unknown as TerminalSnapshot)
      return { state: "failed", error: taskFailedError(error, ref) }
    }
    if (status !== "succeeded") return { state: "pending" }
    if (mode === "url" && snapshot !== null)
      return {
        state: "succeeded",
        files: async () => linkResults(snapshot as unknown as TerminalSnapshot & { status: "succeeded" })
      }
    return saveState === "due"
      ? { state: "pending" }
      : { state: "succeeded", files: (signal) => readFiles(task, signal) }
  }

  const get = async (
    ref: string,
    wait: number | undefined,
    signal: AbortSignal | undefined
  ): Promise<TaskState> => {
    try {
      return await stateOf(
        await tracker.get(ref, { wait, signal, until: mode === "url" ? "ended" : "saved" })
      )
    } catch (error) {
      signal?.throwIfAborted()
      if (isRetryable(error)) return { state: "pending" }
      throw error
    }
  }

  return {
    hasWebhooks: true,
    submit: async ({ idempotencyKey, ...request }, { signal, webhookUrl }) => {
      const { refs } = await tracker.submit(request, { idempotencyKey, signal, webhookUrl })
      return { refs, warnings: [] }
    },
    poll: (ref, { signal }) => get(ref, undefined, signal),
    wait: async (ref, signal) => {
      for (;;) {
        const startedAt = Date.now()
        const state = await get(ref, waitSeconds, signal)
        if (state.state !== "pending") return state
        // An unreachable tracker responds at once.
        if (Date.now() - startedAt < retryDelayMs)
          await setTimeout(retryDelayMs, undefined, signal === undefined ? {} : { signal })
      }
    }
  }
}

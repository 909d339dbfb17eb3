import { setTimeout } from "node:timers/promises"
import type {
  Experimental_VideoModelV4,
  Experimental_VideoModelV4OperationStatusResult,
  Experimental_VideoModelV4VideoData,
  SharedV4Warning
} from "@ai-sdk/provider"
import { resumableError } from "./GentaskGenerationError.ts"
import { isRetryable } from "./isRetryable.ts"
import { parseModelId } from "./modelId.ts"
import { formatOperation, parseOperation } from "./operation.ts"
import type { Operation } from "./operation.ts"
import { fileMetadata, startTasks } from "./startTasks.ts"
import type { ModelContext } from "./startTasks.ts"
import { toVideoRequest } from "./SubmitRequest.ts"
import type { ResultFile, SucceededTask, TaskPort, TaskState } from "./TaskPort.ts"

const toVideoData = ({ data, url, mediaType }: ResultFile): Experimental_VideoModelV4VideoData => {
  if (data !== undefined) return { type: "binary", data, mediaType }
  return url === undefined ? { type: "uploaded", mediaType } : { type: "url", url, mediaType }
}

/** Fetches the files of tasks. Undefined if another attempt may succeed. */
const readFiles = async (
  tasks: ReadonlyArray<SucceededTask>,
  signal: AbortSignal | undefined
): Promise<ReadonlyArray<ResultFile> | undefined> => {
  try {
    return (await Promise.all(tasks.map((task) => task.files(signal)))).flat()
  } catch (error) {
    signal?.throwIfAborted()
    if (isRetryable(error)) return undefined
    throw error
  }
}

/** How often the query after a webhook tries to fetch the files, and the delay in between in milliseconds. */
const maxReads = 5
const readDelayMs = 1000

/** For how long the query after a webhook waits, in milliseconds. */
const maxNotifiedMs = 600_000

/** Waits for a task whose webhook has arrived: its results may not be saved yet, or the webhook was forged. */
const waitNotified = async (
  port: TaskPort,
  ref: string,
  signal: AbortSignal | undefined
): Promise<TaskState> => {
  const timeout = AbortSignal.timeout(maxNotifiedMs)
  try {
    return await port.wait(ref, signal === undefined ? timeout : AbortSignal.any([signal, timeout]))
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.aborted) return { state: "pending" }
    throw error
  }
}

/** Creates a model that creates videos. @throws {NoSuchModelError} If the id is not `account:model`. */
export const makeVideoModel = (modelId: string, context: ModelContext): Experimental_VideoModelV4 => {
  const name = parseModelId(modelId, "videoModel")
  const { port } = context
  const response = () => ({ timestamp: new Date(), modelId, headers: undefined })
  const metadata = (refs: ReadonlyArray<string>) => ({ ref: refs[0] ?? "", refs: [...refs] })

  /** The URLs of webhooks after which the AI SDK queries a task only once. Several videos may have the same URL. */
  const awaited: Array<string> = []

  const isAwaited = (webhookUrl: string | undefined): boolean => {
    const index = webhookUrl === undefined ? -1 : awaited.indexOf(webhookUrl)
    if (index !== -1) awaited.splice(index, 1)
    return index !== -1
  }

  const stateOf = (
    ref: string,
    { submittedAt, isNotified }: Operation,
    signal: AbortSignal | undefined
  ): Promise<TaskState> =>
    isNotified === true ? waitNotified(port, ref, signal) : port.poll(ref, { submittedAt, signal })

  const statusOf = async (
    operation: Operation,
    signal: AbortSignal | undefined
  ): Promise<Experimental_VideoModelV4OperationStatusResult> => {
    const { refs } = operation
    const pending = {
      status: "pending",
      providerMetadata: { gentask: metadata(refs) },
      response: response()
    } as const
    const states = await Promise.all(refs.map((ref) => stateOf(ref, operation, signal)))
    if (states.some(({ state }) => state === "pending")) return pending
    const failed = states.flatMap((state: TaskState) =>
      state.state === "failed" ? [state.error.message] : []
    )
    const succeeded = states.filter((state) => state.state === "succeeded")
    if (succeeded.length === 0) return { ...pending, status: "error", error: failed.join(" ") }
    let files = await readFiles(succeeded, signal)
    for (let attempt = 1; operation.isNotified === true && files === undefined; attempt++) {
      if (attempt === maxReads) break
      await setTimeout(readDelayMs, undefined, signal === undefined ? {} : { signal })
      files = await readFiles(succeeded, signal)
    }
    if (files === undefined) return pending
    return {
      status: "completed",
      videos: files.map(toVideoData),
      warnings: failed.map((message): SharedV4Warning => ({ type: "other", message })),
      providerMetadata: { gentask: { ...metadata(refs), videos: files.map(fileMetadata) } },
      response: response()
    }
  }

  return {
    specificationVersion: "v4",
    provider: `gentask.${name.account}`,
    modelId,
    // A failure concerns one video, and each has a ref of its own.
    maxVideosPerCall: 1,
    ...(port.hasWebhooks
      ? {
          handleWebhookOption: async ({ webhook }) => {
            const { url, received } = await webhook()
            awaited.push(url)
            return { webhookUrl: url, received }
          }
        }
      : {}),
    doStart: async (options) => {
      const isNotified = isAwaited(options.webhookUrl)
      const started = await startTasks(context, modelId, options, () => toVideoRequest(name, options))
      return {
        operation: formatOperation({ ...started, isNotified }),
        warnings: started.warnings,
        providerMetadata: { gentask: metadata(started.refs) },
        response: response()
      }
    },
    doStatus: async ({ operation, abortSignal }) => {
      const tasks = parseOperation(operation)
      try {
        return await statusOf(tasks, abortSignal)
      } catch (error) {
        throw resumableError(error, tasks.refs)
      }
    }
  }
}

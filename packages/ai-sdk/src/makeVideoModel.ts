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
import type { ResultFile, SucceededTask, TaskState } from "./TaskPort.ts"

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

/** Creates a model that creates videos. @throws {NoSuchModelError} If the id is not `account:model`. */
export const makeVideoModel = (modelId: string, context: ModelContext): Experimental_VideoModelV4 => {
  const name = parseModelId(modelId, "videoModel")
  const { port } = context
  const response = () => ({ timestamp: new Date(), modelId, headers: undefined })
  const metadata = (refs: ReadonlyArray<string>) => ({ ref: refs[0] ?? "", refs: [...refs] })

  const statusOf = async (
    { refs, submittedAt }: Operation,
    signal: AbortSignal | undefined
  ): Promise<Experimental_VideoModelV4OperationStatusResult> => {
    const pending = {
      status: "pending",
      providerMetadata: { gentask: metadata(refs) },
      response: response()
    } as const
    const states = await Promise.all(refs.map((ref) => port.poll(ref, { submittedAt, signal })))
    if (states.some(({ state }) => state === "pending")) return pending
    const failed = states.flatMap((state: TaskState) =>
      state.state === "failed" ? [state.error.message] : []
    )
    const succeeded = states.filter((state) => state.state === "succeeded")
    if (succeeded.length === 0) return { ...pending, status: "error", error: failed.join(" ") }
    const files = await readFiles(succeeded, signal)
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
    doStart: async (options) => {
      const started = await startTasks(context, modelId, options, () => toVideoRequest(name, options))
      return {
        operation: formatOperation(started),
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

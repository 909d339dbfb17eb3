import { setTimeout } from "node:timers/promises"
import type { ImageModelV4, SharedV4Warning } from "@ai-sdk/provider"
import { GentaskGenerationError, resumableError } from "./GentaskGenerationError.ts"
import { isRetryable } from "./isRetryable.ts"
import { parseModelId } from "./modelId.ts"
import { fileMetadata, startTasks } from "./startTasks.ts"
import type { ModelContext } from "./startTasks.ts"
import { toImageRequest } from "./SubmitRequest.ts"
import type { ResultFile, SucceededTask } from "./TaskPort.ts"

/** How often the files of a task are fetched, each time with the retries of gentask. */
const maxReads = 5
const retryDelayMs = 1000

const readFiles = async (
  task: SucceededTask,
  signal: AbortSignal | undefined
): Promise<ReadonlyArray<ResultFile>> => {
  for (let read = 1; ; read++) {
    try {
      return await task.files(signal)
    } catch (error) {
      signal?.throwIfAborted()
      if (!isRetryable(error) || read === maxReads) throw error
    }
    await setTimeout(retryDelayMs, undefined, signal === undefined ? {} : { signal })
  }
}

/** Creates a model that creates images. @throws {NoSuchModelError} If the id is not `account:model`. */
export const makeImageModel = (modelId: string, context: ModelContext): ImageModelV4 => {
  const name = parseModelId(modelId, "imageModel")
  const { port } = context

  /** Waits for the tasks of a call, and fetches their files. */
  const filesOf = async (
    refs: ReadonlyArray<string>,
    warnings: Array<SharedV4Warning>,
    signal: AbortSignal | undefined
  ): Promise<ReadonlyArray<ResultFile>> => {
    const states = await Promise.all(refs.map((ref) => port.wait(ref, signal)))
    const succeeded = states.filter((state) => state.state === "succeeded")
    const [first, ...others] = states.filter((state) => state.state === "failed")
    if (first !== undefined && succeeded.length === 0) throw first.error
    for (const { error } of first === undefined ? [] : [first, ...others])
      warnings.push({ type: "other", message: error.message })
    return (await Promise.all(succeeded.map((task) => readFiles(task, signal)))).flat()
  }

  return {
    specificationVersion: "v4",
    provider: `gentask.${name.account}`,
    modelId,
    // A failure concerns one image, and each has a ref of its own.
    maxImagesPerCall: 1,
    doGenerate: async (options) => {
      const { refs, warnings } = await startTasks(context, modelId, options, () =>
        toImageRequest(name, options)
      )
      let files: ReadonlyArray<ResultFile>
      try {
        files = await filesOf(refs, warnings, options.abortSignal)
      } catch (error) {
        throw resumableError(error, refs)
      }
      const images = files.flatMap(({ data }) => (data === undefined ? [] : [data]))
      // The AI SDK would call again for an empty result, which would create another task.
      if (images.length === 0)
        throw new GentaskGenerationError({ message: `${refs.join(", ")}: the task has no image.`, refs })
      return {
        images,
        warnings,
        providerMetadata: {
          gentask: { ref: refs[0] ?? "", refs: [...refs], images: files.map(fileMetadata) }
        },
        response: { timestamp: new Date(), modelId, headers: undefined }
      }
    }
  }
}

import { NoSuchModelError } from "@ai-sdk/provider"
import type {
  EmbeddingModelV4,
  Experimental_VideoModelV4,
  ImageModelV4,
  LanguageModelV4,
  ProviderV4
} from "@ai-sdk/provider"
import type { SaveOptions } from "@gentask/core"
import { makeClientPort } from "./clientPort.ts"
import type { ClientOperations } from "./clientPort.ts"
import { makeImageModel } from "./makeImageModel.ts"
import { makeVideoModel } from "./makeVideoModel.ts"
import type { SubmittedGeneration } from "./startTasks.ts"
import type { ResultMode, TaskPort } from "./TaskPort.ts"
import { makeTrackerPort } from "./trackerPort.ts"
import type { TrackerOperations } from "./trackerPort.ts"

/** Options of both kinds of providers. */
interface CommonOptions {
  /**
   * Called as soon as a task exists. Store the ref here: the AI SDK's own timeouts do not report it. If the callback
   * throws, the generation continues, with a warning.
   */
  readonly onSubmit?: ((submitted: SubmittedGeneration) => void) | undefined
}

/** Creates tasks with a client of gentask. */
export interface GentaskSource extends CommonOptions {
  /** The client. With a ledger, no retry of a framework creates a second task. */
  readonly gentask: ClientOperations
  /** Saves each result into a folder: options of `save`, such as `{ dir: "out" }`. @default nothing is saved */
  readonly save?: SaveOptions | undefined
  /**
   * How videos are returned:
   *
   * - `"bytes"`: gentask downloads them, with retries, resumed and verified
   * - `"url"`: the vendor's links, which expire. The AI SDK downloads them once
   * - `"saved"`: not at all. `uploadedVideos` counts the saved files, and the provider metadata has their paths
   *
   * @default "saved" with `save`, else "bytes"
   */
  readonly videos?: ResultMode | undefined
}

/** Creates tasks with a tracker. */
export interface TrackerSource extends CommonOptions {
  /** The client of the tracker. */
  readonly tracker: TrackerOperations
  /**
   * How videos are returned: the same as with a client. `"saved"` returns none of the files that the tracker has saved.
   *
   * @default "bytes"
   */
  readonly videos?: ResultMode | undefined
}

/** Options of `createGentaskProvider`. */
export type GentaskProviderOptions = GentaskSource | TrackerSource

/** A provider for the AI SDK. The id of a model is `account:model`, such as `sora:sora-2`. */
export interface GentaskProvider extends ProviderV4 {
  /** Returns a model that creates videos. */
  readonly video: (modelId: string) => Experimental_VideoModelV4
  /** Same as `video`. */
  readonly videoModel: (modelId: string) => Experimental_VideoModelV4
  /** Returns a model that creates images. */
  readonly image: (modelId: string) => ImageModelV4
  /** Same as `image`. */
  readonly imageModel: (modelId: string) => ImageModelV4
  /** gentask has none. @throws {NoSuchModelError} Always. */
  readonly languageModel: (modelId: string) => LanguageModelV4
  /** gentask has none. @throws {NoSuchModelError} Always. */
  readonly embeddingModel: (modelId: string) => EmbeddingModelV4
}

const modes: ReadonlyArray<unknown> = ["bytes", "url", "saved"] satisfies ReadonlyArray<ResultMode>

const videoMode = (options: GentaskProviderOptions): ResultMode => {
  const save = "tracker" in options ? undefined : options.save
  const { videos = save === undefined ? "bytes" : "saved" } = options
  if (!modes.includes(videos)) throw new TypeError("Invalid option videos: expected bytes, url or saved.")
  if (videos === "saved" && save === undefined && !("tracker" in options))
    throw new TypeError('The option videos: "saved" needs the option save, such as { dir: "out" }.')
  if (videos === "url" && save !== undefined)
    throw new TypeError('The option videos: "url" cannot be combined with save. Leave out one of them.')
  return videos
}

const makePort = (options: GentaskProviderOptions, mode: ResultMode): TaskPort =>
  "tracker" in options
    ? makeTrackerPort(options.tracker, mode)
    : makeClientPort(options.gentask, { mode, save: options.save })

/**
 * Creates a provider for the AI SDK.
 *
 * ```ts
 * const provider = createGentaskProvider({ gentask })
 * const { image } = await generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A fox in the snow" })
 * ```
 *
 * @throws {TypeError} If an option is invalid.
 */
export const createGentaskProvider = (options: GentaskProviderOptions): GentaskProvider => {
  const { onSubmit } = options
  const videoPort = makePort(options, videoMode(options))
  const imagePort = makePort(options, "bytes")
  const video = (modelId: string) => makeVideoModel(modelId, { port: videoPort, onSubmit })
  const image = (modelId: string) => makeImageModel(modelId, { port: imagePort, onSubmit })
  return {
    specificationVersion: "v4",
    video,
    videoModel: video,
    image,
    imageModel: image,
    languageModel: (modelId) => {
      throw new NoSuchModelError({ modelId, modelType: "languageModel" })
    },
    embeddingModel: (modelId) => {
      throw new NoSuchModelError({ modelId, modelType: "embeddingModel" })
    }
  }
}

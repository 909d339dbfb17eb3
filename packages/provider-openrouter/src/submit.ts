/** How videos are created. See https://openrouter.ai/docs/guides/overview/multimodal/video-generation */
import {
  accepted,
  defineModels,
  embedFiles,
  firstStringAt,
  mediaPart,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { DefinedModels, MediaInput, SubmitOperation } from "@gentask/core/provider"
import { draftOf } from "./decode.ts"
import { videosModels as table } from "./models/videos.generated.ts"

/** The models that `openrouter.models` has. */
export type OpenrouterModels = DefinedModels<typeof table>

export const models: OpenrouterModels = defineModels(table)

const { names } = table["google/veo-3.1"]

const frame = (frame_type: string, image: MediaInput | undefined): ReadonlyArray<object> =>
  image === undefined ? [] : [{ ...mediaPart("image", image), frame_type }]

const toInput: SubmitOperation["toInput"] = (common) => {
  const { images = [], videos = [], audios = [] } = common
  const frames = [...frame("first_frame", common.firstFrame), ...frame("last_frame", common.lastFrame)]
  const references = [
    ...images.map((url) => mediaPart("image", url)),
    ...videos.map((url) => mediaPart("video", url)),
    ...audios.map((url) => mediaPart("audio", url))
  ]
  // Documented: the references would be ignored.
  if (frames.length > 0 && references.length > 0)
    throw new Error("The first and last frames cannot be combined with images, videos and audios.")
  return {
    prompt: common.prompt,
    aspect_ratio: common.aspectRatio,
    resolution: common.resolution,
    duration: common.duration,
    seed: common.seed,
    ...(frames.length > 0 && { frame_images: frames }),
    ...(references.length > 0 && { input_references: references })
  }
}

export const submit: SubmitOperation = {
  models,
  supportedInputs: () => supportedInputsOf(names),
  toInput,
  request: ({ model, input, webhook }) => ({
    method: "POST",
    path: "/videos",
    // The vendor has no upload.
    body: { model, ...embedFiles(input, "data-url"), ...(webhook && { callback_url: webhook.url }) }
  }),
  decode: (body) => {
    const id = firstStringAt(body, "id")
    return id === undefined ? withoutTaskId(body, "id") : accepted({ id }, draftOf(body))
  }
}

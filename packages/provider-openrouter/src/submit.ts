/** How videos are created. See https://openrouter.ai/docs/guides/overview/multimodal/video-generation */
import {
  accepted,
  defineModels,
  embedFile,
  isInputFile,
  readErrorDetail,
  unknownOutcome
} from "@gentask/core/provider"
import type { DefinedModels, InputNames, MediaInput, SubmitOperation } from "@gentask/core/provider"
import { draftOf } from "./decode.ts"
import { videosModels as table } from "./models/videos.generated.ts"
import { job } from "./wire.ts"
import type { Job } from "./wire.ts"

/** The models that `openrouter.models` has. */
export type OpenrouterModels = DefinedModels<typeof table>

export const models: OpenrouterModels = defineModels(table)

const { names }: { readonly names: InputNames } = table["google/veo-3.1"]

const part =
  (kind: "image" | "video" | "audio") =>
  (url: MediaInput): object => ({ type: `${kind}_url`, [`${kind}_url`]: { url } })

const frame = (frame_type: string, image: MediaInput | undefined): ReadonlyArray<object> =>
  image === undefined ? [] : [{ ...part("image")(image), frame_type }]

const toInput: SubmitOperation<unknown, Job>["toInput"] = (common) => {
  const { images = [], videos = [], audios = [] } = common
  const frames = [...frame("first_frame", common.firstFrame), ...frame("last_frame", common.lastFrame)]
  const references = [
    ...images.map(part("image")),
    ...videos.map(part("video")),
    ...audios.map(part("audio"))
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

/** Places files into the body. The vendor has no upload. */
const embedFiles = (value: unknown): unknown => {
  if (isInputFile(value)) return embedFile(value, "data-url")
  if (Array.isArray(value)) return value.map(embedFiles)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, embedFiles(member)]))
}

export const submit: SubmitOperation<unknown, Job> = {
  models,
  supportedInputs: () => Object.keys(names) as ReadonlyArray<keyof InputNames>,
  toInput,
  request: ({ model, input, webhook }) => ({
    method: "POST",
    path: "/videos",
    body: {
      model,
      ...(embedFiles(input) as object),
      ...(webhook && { callback_url: webhook.url })
    }
  }),
  response: job,
  decode: (body) => {
    if (body.id) return accepted({ id: body.id }, draftOf(body))
    const { message = "The response has no id", code } = readErrorDetail({ error: body.error })
    return unknownOutcome({ _tag: "UnexpectedResponse", path: "id", code, message })
  }
}

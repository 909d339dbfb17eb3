/** Translates the common inputs. */
import { embedFile, isInputFile, renameInputs } from "@gentask/core/provider"
import type { CommonInput, CommonInputName, InputNames, MediaInput, ModelTable } from "@gentask/core/provider"
import { isSecondApi } from "./api.ts"
import { contentInputs, models } from "./models/table.ts"

const videoNames: InputNames = {
  prompt: "prompt",
  firstFrame: "first_frame_image",
  lastFrame: "last_frame_image",
  resolution: "resolution",
  duration: "duration"
}

/** The model that shows a person. */
const isSubjectModel = (model: string): boolean => /^S2V-/i.test(model)

/** The common inputs of models that the package does not know. */
export const supportedInputs = (model: string): ReadonlyArray<CommonInputName> => {
  if (isSecondApi(model)) return contentInputs
  if (isSubjectModel(model)) return ["prompt", "images"]
  return Object.keys(videoNames) as ReadonlyArray<keyof InputNames>
}

const item = (kind: "image" | "video" | "audio", role: string, url: MediaInput): object => ({
  type: `${kind}_url`,
  [`${kind}_url`]: { url },
  role
})

/** Files stay, for core to upload. */
const toContent = (input: CommonInput): ReadonlyArray<object> => {
  const { prompt, firstFrame, lastFrame, images = [], videos = [], audios = [] } = input
  return [
    ...(prompt === undefined ? [] : [{ type: "text", text: prompt }]),
    ...(firstFrame === undefined ? [] : [item("image", "first_frame", firstFrame)]),
    ...(lastFrame === undefined ? [] : [item("image", "last_frame", lastFrame)]),
    ...images.map((image) => item("image", "reference_image", image)),
    ...videos.map((video) => item("video", "reference_video", video)),
    ...audios.map((audio) => item("audio", "reference_audio", audio))
  ]
}

const embed = (value: unknown): unknown => (isInputFile(value) ? embedFile(value, "data-url") : value)

/** Leaves out what the model does not have. Core rejects it. */
const supportedOf = (input: CommonInput, model: string): CommonInput => {
  const known: ModelTable = models
  const names: ReadonlyArray<string> =
    (Object.hasOwn(known, model) ? known[model]?.supportedInputs : undefined) ?? supportedInputs(model)
  return Object.fromEntries(Object.entries(input).filter(([name]) => names.includes(name)))
}

/** Returns the vendor's own input of the common inputs. The first API takes files in the body. */
export const toInput = (common: CommonInput, model: string): Record<string, unknown> => {
  const input = supportedOf(common, model)
  if (isSecondApi(model)) {
    const content = toContent(input)
    const names = { aspectRatio: "ratio", resolution: "resolution", duration: "duration" }
    return { ...(content.length === 0 ? {} : { content }), ...renameInputs(input, names) }
  }
  if (isSubjectModel(model)) {
    const { image, ...rest } = renameInputs(input, {
      prompt: "prompt",
      images: { name: "image", as: "single" }
    })
    if (image === undefined) return rest
    return { ...rest, subject_reference: [{ type: "character", image: [embed(image)] }] }
  }
  const renamed = renameInputs(input, videoNames)
  return Object.fromEntries(Object.entries(renamed).map(([name, value]) => [name, embed(value)]))
}

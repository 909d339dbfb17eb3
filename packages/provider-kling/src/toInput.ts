/** Translates the common inputs. Both forms of the API nest them. */
import { pickInputs, renameInputs, supportedInputsOf } from "@gentask/core/provider"
import type { CommonInput, CommonInputName, InputNames, MediaInput } from "@gentask/core/provider"
import { routeOf, tasksPath } from "./route.ts"

/** The vendor's names of the common inputs at the paths below `/v1`. */
const legacyNames: Readonly<Record<string, InputNames>> = {
  "videos/text2video": {
    prompt: "prompt",
    aspectRatio: "aspect_ratio",
    duration: { name: "duration", as: "text" }
  },
  "videos/image2video": {
    prompt: "prompt",
    firstFrame: "image",
    lastFrame: "image_tail",
    duration: { name: "duration", as: "text" }
  },
  "videos/multi-image2video": {
    prompt: "prompt",
    images: "image_list",
    aspectRatio: "aspect_ratio",
    duration: { name: "duration", as: "text" }
  },
  "videos/omni-video": {
    prompt: "prompt",
    images: "image_list",
    aspectRatio: "aspect_ratio",
    duration: { name: "duration", as: "text" }
  },
  "videos/motion-control": {
    prompt: "prompt",
    images: { name: "image_url", as: "single" },
    videos: { name: "video_url", as: "single" }
  },
  "videos/avatar/image2video": {
    prompt: "prompt",
    images: { name: "image", as: "single" },
    audios: { name: "sound_file", as: "single" }
  },
  "images/generations": {
    prompt: "prompt",
    images: { name: "image", as: "single" },
    aspectRatio: "aspect_ratio",
    resolution: "resolution",
    count: "n"
  },
  "images/omni-image": {
    prompt: "prompt",
    images: "image_list",
    aspectRatio: "aspect_ratio",
    resolution: "resolution",
    count: "n"
  }
}

/** The name of an image in `image_list`. */
const listMembers: Readonly<Record<string, string>> = { "videos/omni-video": "image_url" }

const settingNames: InputNames = {
  aspectRatio: "aspect_ratio",
  resolution: "resolution",
  duration: "duration"
}

const frames: ReadonlyArray<CommonInputName> = ["firstFrame", "lastFrame"]

/** The common inputs of the functions that have the model in their path. */
const functions: Readonly<Record<string, ReadonlyArray<CommonInputName>>> = {
  "text-to-video": ["prompt", "aspectRatio", "resolution", "duration"],
  "image-to-video": ["prompt", ...frames, "resolution", "duration"],
  "omni-video": ["prompt", "images", ...frames, "aspectRatio", "resolution", "duration"]
}

const own = <A>(table: Readonly<Record<string, A>>, name: string): A | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

const functionOf = (model: string): string => model.split("/", 1)[0] ?? ""

/** The common inputs that are translated for a model. */
export const supportedInputs = (model: string): ReadonlyArray<CommonInputName> => {
  const route = routeOf(model)
  if (route?.path === tasksPath) return own(functions, functionOf(model)) ?? ["prompt"]
  const names = own(legacyNames, route?.path ?? "") ?? { prompt: "prompt" }
  return supportedInputsOf(names)
}

const toLegacyInput = (input: CommonInput, path: string): Record<string, unknown> => {
  const renamed = renameInputs(input, own(legacyNames, path) ?? { prompt: "prompt" })
  const list = renamed["image_list"]
  if (!Array.isArray(list)) return renamed
  const member = own(listMembers, path) ?? "image"
  return { ...renamed, image_list: list.map((image: MediaInput) => ({ [member]: image })) }
}

const toContents = ({ prompt, firstFrame, lastFrame, images = [] }: CommonInput): ReadonlyArray<object> => [
  ...(prompt === undefined ? [] : [{ type: "prompt", text: prompt }]),
  ...(firstFrame === undefined ? [] : [{ type: "first_frame", url: firstFrame }]),
  ...(lastFrame === undefined ? [] : [{ type: "last_frame", url: lastFrame }]),
  ...images.map((image, index) => ({ type: "refer_image", id: `image_${index + 1}`, url: image }))
]

/** Returns the vendor's own input of the common inputs. */
export const toInput = (input: CommonInput, model: string): Record<string, unknown> => {
  const route = routeOf(model)
  if (route?.path !== tasksPath) return toLegacyInput(input, route?.path ?? "")
  const name = functionOf(model)
  const supported = pickInputs(input, supportedInputs(model))
  const settings = renameInputs(supported, settingNames)
  const nested = Object.keys(settings).length === 0 ? {} : { settings }
  if (name !== "image-to-video" && name !== "omni-video") return { prompt: supported.prompt, ...nested }
  const contents = toContents(supported)
  return contents.length === 0 ? nested : { contents, ...nested }
}

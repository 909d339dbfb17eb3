/** How tasks are created. See https://docs.dev.runwayml.com/api */
import {
  accepted,
  firstStringAt,
  renameInputs,
  supportedInputsOf,
  withoutTaskId
} from "@gentask/core/provider"
import type { CommonInput, SubmitOperation } from "@gentask/core/provider"
import { models, namesOf } from "./models/table.ts"
import { headers } from "./headers.ts"

/** The paths whose body has a model, and whose response has a task. */
const kinds: ReadonlySet<string> = new Set([
  "text_to_image",
  "text_to_video",
  "image_to_video",
  "video_to_video",
  "video_to_hdr",
  "image_upscale",
  "video_upscale",
  "character_performance",
  "avatar_videos",
  "sound_effect",
  "text_to_speech",
  "speech_to_speech",
  "voice_dubbing",
  "voice_isolation"
])

const splitModel = (name: string): { readonly kind: string; readonly model: string } => {
  const [kind = "", model = "", ...others] = name.split("/")
  if (!kinds.has(kind) || !/^\w[\w.-]*$/.test(model) || others.length > 0)
    throw new Error(`Invalid model "${name}": expected a path and a model, such as text_to_video/veo3.1.`)
  return { kind, model }
}

/** The members whose elements are objects with a link, and what else they have. */
const wrappers: Readonly<Record<string, object>> = {
  references: {},
  referenceImages: {},
  referenceVideos: { type: "video" },
  referenceAudio: { type: "audio" }
}

/** A first frame alone is a link. With a last frame, both are in a list with their positions. */
const framesOf = ({ firstFrame, lastFrame }: CommonInput): Readonly<Record<string, unknown>> => {
  if (lastFrame === undefined) return firstFrame === undefined ? {} : { promptImage: firstFrame }
  const last = { uri: lastFrame, position: "last" }
  return { promptImage: firstFrame === undefined ? [last] : [{ uri: firstFrame, position: "first" }, last] }
}

const toInput = (input: CommonInput, model: string): Readonly<Record<string, unknown>> => {
  const { firstFrame, lastFrame, ...names } = namesOf(model)
  const renamed = Object.entries(renameInputs(input, names)).map(([name, value]) => {
    const members = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined
    if (members === undefined || !Array.isArray(value)) return [name, value]
    return [name, value.map((uri: unknown) => ({ ...members, uri }))]
  })
  return {
    ...(Object.fromEntries(renamed) as object),
    ...framesOf({
      firstFrame: firstFrame && input.firstFrame,
      lastFrame: lastFrame && input.lastFrame
    })
  }
}

export const submit: SubmitOperation = {
  models,
  supportedInputs: (model) => supportedInputsOf(namesOf(model)),
  toInput,
  request: ({ model: name, input, webhook }) => {
    if (webhook !== undefined) throw new Error("Unsupported webhook: Runway documents none.")
    const { kind, model } = splitModel(name)
    return { method: "POST", path: `/v1/${kind}`, headers, body: { model, ...input } }
  },
  decode: (body) => {
    const id = firstStringAt(body, "id")
    return id === undefined ? withoutTaskId(body, "id") : accepted({ id }, { rawStatus: "PENDING" })
  }
}

/** The vendor has a path, and names of inputs, for each family of models. */
import { renameInputs } from "@gentask/core/provider"
import type { CommonInput, InputNames, OutputKind } from "@gentask/core/provider"

/** Models with the same path and the same inputs. */
export interface Family {
  /** The path below `/api/v1/services/aigc`. */
  readonly path: string
  readonly mediaKind: Extract<OutputKind, "image" | "video">
  /** The vendor's names of the common inputs. */
  readonly names: InputNames
  /** The members of the body's `input`. All others are in `parameters`. */
  readonly members: ReadonlyArray<string>
  /** Whether the response to the submit is the result. @default false */
  readonly isSynchronous?: boolean
  /** Translates what is more than a name. */
  readonly toInput?: (input: CommonInput) => Readonly<Record<string, unknown>>
}

const videoPath = "/video-generation/video-synthesis"
const oldVideoPath = "/image2video/video-synthesis"

const video = { prompt: "prompt", duration: "duration", seed: "seed", resolution: "resolution" } as const
const audio = { audios: { name: "audio_url", as: "single" } } as const
const image = { prompt: "prompt", resolution: "size", count: "n", seed: "seed" } as const

const texts = ["prompt", "negative_prompt"]

type MediaTypes = Readonly<Partial<Record<keyof CommonInput, string>>>

/** Lists inputs with a type each, as the models from 2.7 on take them. */
const mediaOf =
  (types: MediaTypes) =>
  (input: CommonInput): Readonly<Record<string, unknown>> => {
    const media = Object.entries(types).flatMap(([name, type]) =>
      [input[name as keyof CommonInput] ?? []].flat().map((url) => ({ type, url }))
    )
    return media.length === 0 ? {} : { media }
  }

/** The names say that `mediaOf` reads the inputs, which `renameInputs` must not. */
const listed = (types: MediaTypes): InputNames =>
  Object.fromEntries(Object.keys(types).map((name) => [name, { name: "media", as: "list" }]))

const withMedia = (types: MediaTypes, names: InputNames): Family => ({
  path: videoPath,
  mediaKind: "video",
  names: { ...names, ...listed(types) },
  members: [...texts, "audio_url", "media"],
  toInput: (input) => ({ ...renameInputs(input, names), ...mediaOf(types)(input) })
})

const messagesOf = ({ prompt, images }: CommonInput): Readonly<Record<string, unknown>> => {
  const content = [
    ...(prompt === undefined ? [] : [{ text: prompt }]),
    ...(images ?? []).map((url) => ({ image: url }))
  ]
  return content.length === 0 ? {} : { messages: [{ role: "user", content }] }
}

const messages = {
  mediaKind: "image",
  names: { ...image, images: "messages", prompt: "messages" },
  members: ["messages"],
  toInput: (input: CommonInput) => ({
    ...renameInputs(input, { resolution: "size", count: "n", seed: "seed" }),
    ...messagesOf(input)
  })
} as const

export const families = {
  /** Wan 2.7 from text, with an aspect ratio. */
  text27: {
    path: videoPath,
    mediaKind: "video",
    names: { ...video, ...audio, aspectRatio: "ratio" },
    members: [...texts, "audio_url"]
  },
  image27: withMedia(
    { firstFrame: "first_frame", lastFrame: "last_frame", audios: "driving_audio", videos: "first_clip" },
    video
  ),
  reference27: withMedia(
    { images: "reference_image", videos: "reference_video", firstFrame: "first_frame" },
    { ...video, aspectRatio: "ratio" }
  ),
  /** Wan up to 2.6 from text, whose resolution is a size such as `1280*720`. */
  text: {
    path: videoPath,
    mediaKind: "video",
    names: { ...video, ...audio, resolution: "size" },
    members: [...texts, "audio_url"]
  },
  image: {
    path: videoPath,
    mediaKind: "video",
    names: { ...video, ...audio, firstFrame: "img_url" },
    members: [...texts, "audio_url", "img_url", "template"]
  },
  reference: {
    path: videoPath,
    mediaKind: "video",
    names: {
      ...video,
      resolution: "size",
      images: { name: "reference_urls", as: "list" },
      videos: { name: "reference_urls", as: "list" }
    },
    members: [...texts, "reference_urls"]
  },
  frames: {
    path: oldVideoPath,
    mediaKind: "video",
    names: { ...video, firstFrame: "first_frame_url", lastFrame: "last_frame_url" },
    members: [...texts, "first_frame_url", "last_frame_url", "template"]
  },
  speech: {
    path: oldVideoPath,
    mediaKind: "video",
    names: { firstFrame: "image_url", audios: { name: "audio_url", as: "single" }, resolution: "resolution" },
    members: ["image_url", "audio_url"]
  },
  textImage: {
    path: "/text2image/image-synthesis",
    mediaKind: "image",
    names: image,
    members: texts
  },
  imageImage: {
    path: "/image2image/image-synthesis",
    mediaKind: "image",
    names: { ...image, images: "images" },
    members: [...texts, "images"]
  },
  /** Wan from 2.6 on, with a message. */
  messages: { ...messages, path: "/image-generation/generation" },
  /** Qwen-Image except for the first models, with a message. */
  synchronous: { ...messages, path: "/multimodal-generation/generation", isSynchronous: true }
} satisfies Readonly<Record<string, Family>>

/** The first pattern that matches the name of a model decides. */
const patterns: ReadonlyArray<readonly [RegExp, Family]> = [
  [/^wan2\.[7-9].*-t2v/, families.text27],
  [/^wan2\.[7-9].*-i2v/, families.image27],
  [/^wan2\.[7-9].*-r2v/, families.reference27],
  [/^wanx?\d.*-kf2v/, families.frames],
  [/^wan\d.*-s2v/, families.speech],
  [/^wanx?\d.*-t2v/, families.text],
  [/^wanx?\d.*-i2v/, families.image],
  [/^wanx?\d.*-r2v/, families.reference],
  [/^wan2\.[6-9].*-(?:t2i|image)/, families.messages],
  [/^wan2\.5-i2i/, families.imageImage],
  [/^qwen-image-(?:\d+\.|max|edit)/, families.synchronous],
  [/^(?:qwen-image(?:-plus)?(?:-\d.*)?$|wanx?\d.*-t2i)/, families.textImage],
  [/[-/]?(?:image|t2i)/, families.messages],
  [/(?:t2v|i2v|r2v|video)/, families.text27]
]

/** Returns the family of a model. Undefined if its name does not show one. */
export const familyOf = (model: string): Family | undefined =>
  patterns.find(([pattern]) => pattern.test(model))?.[1]

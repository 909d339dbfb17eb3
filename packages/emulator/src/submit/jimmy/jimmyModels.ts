/**
 * Jimmy AI's models: the path of each, and the fields of its body.
 *
 * Documented: docs.jimmyai.cn and the vendor's own skills repository. The tools (`/video-translate/videos` and so on)
 * and wan, flux3, grok and minimax have pages of their own that this table does not repeat: only the fields that are
 * listed here are checked.
 */
import * as z from "zod"
import { exclusive, flag, integer, link, links, listOf, oneOf, oneOfNumbers, text } from "../bodyFields.ts"
import type { BodyFields, BodyRule, Fields } from "../bodyFields.ts"
import { base } from "./JimmyModel.ts"
import type { JimmyModel } from "./JimmyModel.ts"
import { seedanceModels } from "./seedanceModels.ts"

const ratios = "auto 1:1 3:2 2:3 4:3 3:4 5:4 4:5 16:9 9:16 2:1 1:2 3:1 1:3 21:9 9:21".split(" ")
const ratiosAt4k = ["16:9", "9:16", "2:1", "1:2", "21:9", "9:21"]

// Documented: "URLs or base64 strings".
const imageOrBase64 = text()

const image = (optional: Fields = {}, rules: readonly BodyRule[] = []): BodyFields => ({
  required: base,
  optional: {
    ratio: oneOf(...ratios),
    resolution: oneOf("1k", "2k", "4k"),
    images: listOf(imageOrBase64),
    ...optional
  },
  rules
})

const ratioAt4k: BodyRule = ({ resolution, ratio }) =>
  resolution === "4k" && !ratiosAt4k.includes(typeof ratio === "string" ? ratio : "auto")
    ? `resolution 4k requires a ratio of ${ratiosAt4k.join(" ")}`
    : undefined

const orientation = oneOf("landscape", "portrait")

const video = (duration: z.ZodType, images: z.ZodType): BodyFields => ({
  required: { ...base, duration },
  optional: { orientation, images }
})

const veoShared = (...resolutions: readonly string[]): Fields => ({
  orientation,
  resolution: oneOf(...resolutions),
  last_frame_url: link
})

const veo = (...resolutions: readonly string[]): Readonly<Record<string, BodyFields>> => ({
  "/veo/videos": {
    required: base,
    optional: { ...veoShared(...resolutions), images: links(3), first_frame_url: link },
    rules: [exclusive(["images"], ["first_frame_url", "last_frame_url"])]
  },
  "/veo/frames": {
    required: { ...base, first_frame_url: link },
    optional: veoShared(...resolutions)
  }
})

const countOfImages = (body: Readonly<Record<string, unknown>>): number =>
  Array.isArray(body["image_urls"]) ? body["image_urls"].length : 0

const geminiImages: BodyRule = (body) => {
  const count = countOfImages(body)
  if (body["generation_type"] === "frame")
    return count === 1 ? undefined : "generation_type frame requires one image"
  return [0, 1, 3].includes(count) ? undefined : "generation_type reference requires 1 or 3 images"
}

const gemini = (optional: Fields, rules: readonly BodyRule[]): BodyFields => ({
  required: base,
  optional: {
    aspect_ratio: text(),
    orientation,
    generation_type: oneOf("frame", "reference"),
    image_urls: links(7),
    video_urls: links(1),
    ...optional
  },
  rules: [exclusive(["duration"], ["video_urls"]), ...rules]
})

const fields = (optional: Fields): BodyFields => ({ required: base, optional })

/** The model families. The first one whose pattern matches applies. */
export const jimmyModels: readonly JimmyModel[] = [
  {
    pattern: /^gpt-image-2$/,
    paths: ["/images"],
    fields: image({ quality: oneOf("low", "medium", "high") }, [ratioAt4k])
  },
  { pattern: /^nano-banana(-2|-pro)?$/, paths: ["/images"], fields: image() },
  {
    pattern: /^doubao-seedream-5-0-pro$/,
    paths: ["/images"],
    fields: image({ resolution: oneOf("1k", "2k"), images: listOf(imageOrBase64, 10) })
  },
  {
    pattern: /^grok-imagine-image$/,
    paths: ["/images"],
    fields: image({ images: listOf(imageOrBase64, 3) })
  },
  {
    pattern: /^grok-imagine-image-2$/,
    paths: ["/images"],
    fields: image({
      images: listOf(imageOrBase64, 3),
      n: integer(1, 4),
      output_format: oneOf("jpeg", "png", "webp")
    })
  },
  { pattern: /^sora2-12s$/, paths: ["/videos"], fields: video(oneOfNumbers(12), links(1)) },
  {
    pattern: /^(sora2-gz-stable|sora2-gz-sp|openai-sora-2)$/,
    paths: ["/videos"],
    fields: video(integer(1), links())
  },
  {
    pattern: /^veo_3_1_fast(-4k)?$/,
    paths: ["/veo/videos", "/veo/frames"],
    fields: veo("720p", "1080p", "4k")
  },
  { pattern: /^veo_3_1_lite$/, paths: ["/veo/videos", "/veo/frames"], fields: veo("720p") },
  {
    pattern: /^(Gemini-Omini|Omni-Flash-Ext|gemini-omni)$/,
    paths: ["/gemini/omni/videos"],
    fields: gemini({ duration: oneOfNumbers(4, 6, 8, 10), resolution: oneOf("720p", "1080p", "4k") }, [
      geminiImages
    ])
  },
  {
    pattern: /^omni-10s$/,
    paths: ["/gemini/omni/videos"],
    fields: gemini({ duration: oneOfNumbers(10), resolution: oneOf("720p") }, [])
  },
  ...seedanceModels,
  {
    pattern: /^minimax-h3(-gz)?$/,
    paths: ["/minimax/videos"],
    fields: fields({ duration: integer(5, 15), images: links(5), reference_audios: links(1) })
  },
  {
    pattern: /^kling-o3$/,
    paths: ["/kling/videos"],
    fields: fields({
      duration: integer(3, 15),
      resolution: oneOf("720p", "1080p"),
      images: links(3),
      generate_audio: flag
    })
  },
  { pattern: /^wan3\.0.*$/, paths: ["/wan/videos"], fields: fields({}) },
  {
    pattern: /^grok-imagine-video-1\.5$/,
    paths: ["/grok/videos"],
    fields: { required: { ...base, images: links(1, 1) }, optional: { duration: oneOfNumbers(10, 15) } }
  },
  // docs.viraltok.ai: flux-3-draft, flux-3-enhance and others, each with fields of its own.
  { pattern: /^flux-?3(-.+)?$/, paths: ["/flux3/videos"], fields: { required: { model: text() } } }
]

/** The tools, whose bodies are not checked. */
export const jimmyTools: readonly string[] = [
  "/video-translate/videos",
  "/digital-human/videos",
  "/remove-subtitle/videos",
  "/super-resolution/videos"
]

/** The models, by the families that the vendor has a path for. See https://docs.qwencloud.com/api-reference/image-generation */
import { defineModels, lazySchema, modelsOfFamilies } from "@gentask/core/provider"
import type { CommonInputName, DefinedModels } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"
import { families } from "./families.ts"
import type { Family } from "./families.ts"
import { families as generated } from "./families.generated.ts"

/** The fields of all models, in the vendor's words. */
const fields = {
  prompt: z.string().min(1).optional(),
  negative_prompt: z.string().optional(),
  template: z.string().optional(),
  img_url: mediaInput("image").optional(),
  image_url: mediaInput("image").optional(),
  audio_url: mediaInput("audio").optional(),
  first_frame_url: mediaInput("image").optional(),
  last_frame_url: mediaInput("image").optional(),
  images: z.array(mediaInput("image")).min(1).optional(),
  reference_urls: z.array(mediaInput("image")).min(1).optional(),
  media: z
    .array(
      z.strictObject({
        type: z.enum([
          "first_frame",
          "last_frame",
          "reference_image",
          "reference_video",
          "driving_audio",
          "first_clip"
        ]),
        url: mediaInput("image"),
        reference_voice: mediaInput("audio").optional()
      })
    )
    .min(1)
    .optional(),
  messages: z
    .array(
      z.strictObject({
        role: z.literal("user"),
        content: z
          .array(
            z.union([z.strictObject({ text: z.string() }), z.strictObject({ image: mediaInput("image") })])
          )
          .min(1)
      })
    )
    .length(1)
    .optional(),
  /** Width and height, such as `1280*720`, or `2K` for some models. */
  size: z.string().optional(),
  resolution: z.enum(["480P", "720P", "1080P"]).optional(),
  ratio: z.enum(["16:9", "9:16", "1:1", "4:3", "3:4"]).optional(),
  /** In seconds. */
  duration: z.int().positive().optional(),
  n: z.int().positive().optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
  prompt_extend: z.boolean().optional(),
  watermark: z.boolean().optional(),
  shot_type: z.enum(["single", "multi"]).optional(),
  audio: z.boolean().optional(),
  thinking_mode: z.boolean().optional(),
  enable_interleave: z.boolean().optional(),
  enable_sequential: z.boolean().optional()
}

type FieldName = keyof typeof fields

const videoParameters = [
  "duration",
  "seed",
  "prompt_extend",
  "watermark"
] as const satisfies ReadonlyArray<FieldName>
const imageParameters = [
  "size",
  "n",
  "seed",
  "prompt_extend",
  "watermark"
] as const satisfies ReadonlyArray<FieldName>

const pick = <const Names extends ReadonlyArray<FieldName>>(
  names: Names
): Pick<typeof fields, Names[number]> =>
  Object.fromEntries(names.map((name) => [name, fields[name]])) as Pick<typeof fields, Names[number]>

/** The objects of the body, whose members win over those beside them. */
const nested = {
  input: z.record(z.string(), z.unknown()).optional(),
  parameters: z.record(z.string(), z.unknown()).optional()
}

const model = <Of extends Family, const Names extends ReadonlyArray<FieldName>>(
  family: Of,
  names: Names
) => ({
  mediaKind: family.mediaKind,
  supportedInputs: Object.keys(family.names) as unknown as ReadonlyArray<keyof Of["names"] & CommonInputName>,
  input: lazySchema(() => z.strictObject({ ...pick(names), ...nested }))
})

const texts = ["prompt", "negative_prompt"] as const

const messageFields = ["messages", "negative_prompt", ...imageParameters] as const

/** What the models of a family have in common. */
const inputs = {
  text27: model(families.text27, [...texts, "audio_url", "resolution", "ratio", ...videoParameters]),
  image27: model(families.image27, [...texts, "media", "resolution", ...videoParameters]),
  reference27: model(families.reference27, [...texts, "media", "resolution", "ratio", ...videoParameters]),
  text: model(families.text, [...texts, "audio_url", "size", "shot_type", ...videoParameters]),
  image: model(families.image, [
    ...texts,
    "img_url",
    "audio_url",
    "template",
    "resolution",
    "shot_type",
    "audio",
    ...videoParameters
  ]),
  reference: model(families.reference, [
    ...texts,
    "reference_urls",
    "size",
    "shot_type",
    "audio",
    ...videoParameters
  ]),
  frames: model(families.frames, [
    ...texts,
    "first_frame_url",
    "last_frame_url",
    "template",
    "resolution",
    ...videoParameters
  ]),
  speech: model(families.speech, ["image_url", "audio_url", "resolution"]),
  textImage: model(families.textImage, [...texts, ...imageParameters]),
  imageImage: model(families.imageImage, [...texts, "images", ...imageParameters]),
  messages: model(families.messages, [
    ...messageFields,
    "thinking_mode",
    "enable_interleave",
    "enable_sequential"
  ]),
  synchronous: model(families.synchronous, messageFields)
}

/**
 * The family of each model. The generated ones are the videos that the AI SDK has. The others are from the vendor's documents,
 * read on 2026-11-27: its Python SDK (Apache-2.0) lists those up to Wan 2.1, and no other source was found.
 */
const familyNames = {
  ...generated,
  "wan2.7-i2v": "image27",
  "wan2.2-kf2v-flash": "frames",
  "wan2.2-s2v": "speech",
  "wan2.7-image-pro": "messages",
  "wan2.7-image": "messages",
  "wan2.6-image": "messages",
  "wan2.6-t2i": "messages",
  "wan2.5-t2i-preview": "textImage",
  "wan2.5-i2i-preview": "imageImage",
  "qwen-image": "textImage",
  "qwen-image-plus": "textImage",
  "qwen-image-2.0": "synchronous",
  "qwen-image-2.0-pro": "synchronous",
  "qwen-image-max": "synchronous",
  "qwen-image-edit-plus": "synchronous",
  "qwen-image-edit-max": "synchronous"
} as const

/** The specification of each model, by its name. */
const table = modelsOfFamilies(familyNames, inputs)

/** The models that `dashscope.models` has. */
export type DashscopeModels = DefinedModels<typeof table>

export const models: DashscopeModels = defineModels(table)

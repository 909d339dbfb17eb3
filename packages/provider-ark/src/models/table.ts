/**
 * The models of Seedance and Seedream. The vendor has one input for all of a family, and rejects what a model does not
 * support.
 */
import { defineModels, modelsOfFamilies } from "@gentask/core/provider"
import type { CommonInputName, DefinedModels } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"
import { families as generated } from "./families.generated.ts"

const media = (kind: "image" | "video" | "audio") => z.strictObject({ url: mediaInput(kind) })

const part = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string().min(1) }),
  z.strictObject({
    type: z.literal("image_url"),
    image_url: media("image"),
    role: z.enum(["first_frame", "last_frame", "reference_image"]).optional()
  }),
  z.strictObject({
    type: z.literal("video_url"),
    video_url: media("video"),
    role: z.literal("reference_video").optional()
  }),
  z.strictObject({
    type: z.literal("audio_url"),
    audio_url: media("audio"),
    role: z.literal("reference_audio").optional()
  }),
  z.strictObject({ type: z.literal("draft_task"), draft_task: z.strictObject({ id: z.string().min(1) }) })
])

/** The body of a submit of a video, without the model and the webhook. */
const input = z.strictObject({
  content: z.array(part).min(1),
  ratio: z.enum(["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive"]).optional(),
  resolution: z.enum(["480p", "720p", "1080p", "4k"]).optional(),
  /** In seconds. -1 lets the model choose. */
  duration: z.int().min(-1).optional(),
  /** An alternative to the duration. */
  frames: z.int().positive().optional(),
  seed: z
    .int()
    .min(-1)
    .max(2 ** 32 - 1)
    .optional(),
  camera_fixed: z.boolean().optional(),
  watermark: z.boolean().optional(),
  generate_audio: z.boolean().optional(),
  /** `flex` is cheaper, and slower. */
  service_tier: z.enum(["default", "flex"]).optional(),
  return_last_frame: z.boolean().optional(),
  draft: z.boolean().optional(),
  priority: z.int().min(0).max(9).optional(),
  output_format: z.enum(["mp4", "mov"]).optional(),
  /** After how many seconds a task that has not ended expires. */
  execution_expires_after: z.int().positive().optional(),
  safety_identifier: z.string().max(64).optional(),
  tools: z.array(z.strictObject({ type: z.string().min(1) })).optional()
})

/** The body of a submit of images, without the model. A stream would not be a response. */
const imageInput = z.strictObject({
  prompt: z.string().min(1),
  image: z.array(mediaInput("image")).min(1).optional(),
  /** Width and height, such as `2048x2048`, or `1K`, `2K`, `4K`. */
  size: z.string().optional(),
  seed: z
    .int()
    .min(-1)
    .max(2 ** 31 - 1)
    .optional(),
  guidance_scale: z.number().optional(),
  watermark: z.boolean().optional(),
  response_format: z.enum(["url", "b64_json"]).optional(),
  output_format: z.enum(["png", "jpeg"]).optional(),
  /** `auto` lets the model create several related images. */
  sequential_image_generation: z.enum(["auto", "disabled"]).optional(),
  sequential_image_generation_options: z
    .strictObject({ max_images: z.int().min(1).max(15).optional() })
    .optional(),
  optimize_prompt_options: z.strictObject({ mode: z.enum(["standard", "fast"]) }).optional(),
  tools: z.array(z.strictObject({ type: z.string().min(1) })).optional()
})

const shared = ["prompt", "firstFrame", "aspectRatio", "resolution", "duration", "seed"] as const
const frames = [...shared, "lastFrame"] as const

const everything = [...frames, "images", "videos", "audios"] as const

const video = <const Common extends ReadonlyArray<CommonInputName>>(supportedInputs: Common) => ({
  mediaKind: "video" as const,
  supportedInputs,
  input
})

const imageInputs = ["prompt", "images", "resolution"] as const

/** What the models of a family have in common. */
const inputs = {
  firstFrame: video(shared),
  frames: video(frames),
  references: video(everything),
  image: { mediaKind: "image" as const, supportedInputs: imageInputs, input: imageInput }
}

/**
 * The family of each model. The generated ones are those of the AI SDK at BytePlus. The others are from Ark's documents, read
 * on 2026-11-27: `volcengine-python-sdk` (Apache-2.0) has the form of a request, but no models, and no other source was found.
 */
const families = {
  ...generated,
  "dreamina-seedance-2-5-260628": "references",
  "dreamina-seedance-2-0-mini-260615": "references",
  "doubao-seedance-2-0-260128": "references",
  "doubao-seedance-2-0-fast-260128": "references",
  "doubao-seedance-1-5-pro-251215": "frames",
  "doubao-seedance-1-0-pro-250528": "frames",
  "doubao-seedance-1-0-pro-fast-251015": "firstFrame",
  "doubao-seedream-5-0-pro-260628": "image",
  "doubao-seedream-4-5-251128": "image",
  "doubao-seedream-4-0-250828": "image"
} as const

/** The specification of each model, by its name. */
const table = modelsOfFamilies(families, inputs)

/** The models that `ark.models` has. */
export type ArkModels = DefinedModels<typeof table>

export const models: ArkModels = defineModels(table)

/** Whether a model creates images. Others, and endpoints, create videos. */
export const isImageModel = (model: string): boolean => /seedream/i.test(model)

/** Returns the common inputs of a model. Models that the table does not have may support all of them. */
export const inputsOf = (model: string): ReadonlyArray<CommonInputName> => {
  if (isImageModel(model)) return imageInputs
  const known: Readonly<Record<string, { readonly supportedInputs: ReadonlyArray<CommonInputName> }>> = table
  return (Object.hasOwn(known, model) ? known[model]?.supportedInputs : undefined) ?? everything
}

/**
 * The models of Black Forest Labs. Those of images have the fields of the vendor's OpenAPI document of 2026-05-01, which
 * https://github.com/tryAGI/BlackForestLabs (MIT) publishes. The video model has the fields of
 * the npm package @ai-sdk/black-forest-labs (Apache-2.0) of 2026-08-22.
 */
import { defineModel, defineModels, inputNamesOf } from "@gentask/core/provider"
import type { DefinedModels, InputNames } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

const image = mediaInput("image").optional()
const seed = z.int().optional()
const output_format = z.enum(["jpeg", "png", "webp"]).optional()
const upsampling = z.boolean().optional()
const tolerance = (max: number) => z.int().min(0).max(max).optional()
const side = z.int().min(64).optional()

/** The fields of further images: `input_image_2` and so on. */
const moreImages = (last: number) =>
  Object.fromEntries(Array.from({ length: last - 1 }, (_, index) => [`input_image_${index + 2}`, image]))

const flux2 = (images: number) => ({
  prompt: z.string(),
  input_image: image,
  ...moreImages(images),
  seed,
  width: side,
  height: side,
  safety_tolerance: tolerance(5),
  output_format
})

const flux2Names = { prompt: "prompt", images: "input_image", seed: "seed" } as const
const kontextNames = { ...flux2Names, aspectRatio: "aspect_ratio" } as const
const docs = "https://docs.bfl.ai/api-reference"

const flux2Model = () => defineModel("image", flux2Names, () => z.strictObject(flux2(8)), docs)
const kleinModel = () => defineModel("image", flux2Names, () => z.strictObject(flux2(4)), docs)
const kontextModel = () =>
  defineModel(
    "image",
    kontextNames,
    () =>
      z.strictObject({
        prompt: z.string(),
        input_image: image,
        ...moreImages(4),
        seed,
        aspect_ratio: z.string().optional(),
        output_format,
        prompt_upsampling: upsampling,
        safety_tolerance: tolerance(6)
      }),
    docs
  )

const editing = {
  image: mediaInput("image"),
  prompt: z.string().optional(),
  steps: z.int().min(15).max(50).optional(),
  prompt_upsampling: upsampling,
  seed,
  guidance: z.number().min(1.5).max(100).optional(),
  output_format,
  safety_tolerance: tolerance(6)
}
const editingNames = { prompt: "prompt", images: { name: "image", as: "single" }, seed: "seed" } as const

const dimension = z.int().min(256).max(1440).multipleOf(32).optional()
const margin = z.int().min(0).max(2048).optional()

/** All models, with the names of their inputs. */
const table = {
  "flux-2-pro": flux2Model(),
  "flux-2-max": flux2Model(),
  "flux-2-flex": defineModel(
    "image",
    flux2Names,
    () =>
      z.strictObject({
        ...flux2(8),
        prompt_upsampling: upsampling,
        guidance: z.number().min(1.5).max(10).optional(),
        steps: z.int().min(1).max(50).optional()
      }),
    docs
  ),
  "flux-2-klein-9b": kleinModel(),
  "flux-2-klein-4b": kleinModel(),
  "flux-kontext-pro": kontextModel(),
  "flux-kontext-max": kontextModel(),
  "flux-pro-1.1": defineModel(
    "image",
    { prompt: "prompt", images: { name: "image_prompt", as: "single" }, seed: "seed" },
    () =>
      z.strictObject({
        prompt: z.string().optional(),
        image_prompt: image,
        width: dimension,
        height: dimension,
        prompt_upsampling: upsampling,
        seed,
        safety_tolerance: tolerance(6),
        output_format
      }),
    docs
  ),
  "flux-pro-1.1-ultra": defineModel(
    "image",
    {
      prompt: "prompt",
      images: { name: "image_prompt", as: "single" },
      aspectRatio: "aspect_ratio",
      seed: "seed"
    },
    () =>
      z.strictObject({
        prompt: z.string().optional(),
        prompt_upsampling: upsampling,
        seed,
        aspect_ratio: z.string().optional(),
        safety_tolerance: tolerance(6),
        output_format,
        raw: z.boolean().optional(),
        image_prompt: image,
        image_prompt_strength: z.number().min(0).max(1).optional()
      }),
    docs
  ),
  "flux-pro-1.0-fill": defineModel(
    "image",
    editingNames,
    () => z.strictObject({ ...editing, mask: image }),
    docs
  ),
  "flux-pro-1.0-expand": defineModel(
    "image",
    editingNames,
    () => z.strictObject({ ...editing, top: margin, bottom: margin, left: margin, right: margin }),
    docs
  ),
  "flux-3-video": defineModel(
    "video",
    {
      prompt: "prompt",
      firstFrame: { name: "keyframes", as: "list" },
      lastFrame: { name: "keyframes", as: "list" },
      videos: { name: "start_video", as: "single" },
      aspectRatio: "aspect_ratio",
      resolution: "resolution",
      duration: "duration"
    },
    () =>
      z.strictObject({
        mode: z.enum(["t2v", "i2v", "v2v", "draft_enhance"]),
        prompt: z.string().optional(),
        keyframes: z
          .union([
            z.array(mediaInput("image")),
            z.array(z.tuple([z.number().min(0).max(20), mediaInput("image")]))
          ])
          .optional(),
        start_video: mediaInput("video").optional(),
        aspect_ratio: z.enum(["21:9", "2:1", "16:9", "4:3", "1:1", "3:4", "9:16", "auto"]).optional(),
        resolution: z.enum(["hd", "fhd"]).optional(),
        duration: z.union([z.int().min(5).max(20), z.literal("auto")]).optional(),
        generate_audio: z.boolean().optional(),
        safety_tolerance: tolerance(4),
        draft: z.boolean().optional(),
        draft_cache: z.string().optional(),
        version: z.string().optional()
      }),
    docs
  )
}

/** The models that `bfl.models` has. */
export type BflModels = DefinedModels<typeof table>

export const models: BflModels = defineModels(table)

/** Returns the vendor's names of the common inputs of a model. Unknown models have those of FLUX.2. */
export const namesOf = (name: string): InputNames => inputNamesOf(table, name, flux2Names)

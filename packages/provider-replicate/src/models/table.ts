/**
 * Five models, from the input schemas on stored copies of their pages (2026-11-27). The fields of flux-schnell and the
 * `aspect_ratio` of nano-banana are from copies of the schemas in public clients. The pages do not show the values of
 * choices, and models gain new ones. So these are texts, and the vendor judges them.
 *
 * They are not generated: the client `replicate` and the OpenAPI document of the HTTP API have no models. The vendor's npm
 * package `all-the-public-replicate-models` 1.352.0 has their schemas, but names no license and ends in January 2025.
 */
import { defineModel, defineModels, inputNamesOf } from "@gentask/core/provider"
import type { DefinedModels, InputNames } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

const choice = () => z.string().min(1).optional()

const seedanceNames = {
  prompt: "prompt",
  images: "reference_images",
  firstFrame: "image",
  lastFrame: "last_frame_image",
  videos: "reference_videos",
  audios: "reference_audios",
  aspectRatio: "aspect_ratio",
  resolution: "resolution",
  duration: "duration",
  seed: "seed"
} as const

const seedance = () =>
  z.strictObject({
    prompt: z.string().min(1),
    image: mediaInput("image").optional(),
    last_frame_image: mediaInput("image").optional(),
    reference_images: z.array(mediaInput("image")).max(9).optional(),
    reference_videos: z.array(mediaInput("video")).max(3).optional(),
    reference_audios: z.array(mediaInput("audio")).max(3).optional(),
    duration: z.int().min(-1).max(15).optional(),
    resolution: choice(),
    aspect_ratio: choice(),
    generate_audio: z.boolean().optional(),
    seed: z.int().optional()
  })

/** All models, with the names of their inputs. */
const table = {
  "black-forest-labs/flux-schnell": defineModel(
    "image",
    { prompt: "prompt", aspectRatio: "aspect_ratio", count: "num_outputs", seed: "seed" },
    () =>
      z.strictObject({
        prompt: z.string().min(1),
        aspect_ratio: choice(),
        num_outputs: z.int().min(1).max(4).optional(),
        num_inference_steps: z.int().min(1).max(4).optional(),
        seed: z.int().optional(),
        output_format: z.enum(["webp", "jpg", "png"]).optional(),
        output_quality: z.int().min(0).max(100).optional(),
        megapixels: z.enum(["1", "0.25"]).optional(),
        go_fast: z.boolean().optional(),
        disable_safety_checker: z.boolean().optional()
      }),
    "https://replicate.com/black-forest-labs/flux-schnell/api"
  ),
  "google/nano-banana": defineModel(
    "image",
    { prompt: "prompt", images: "image_input", aspectRatio: "aspect_ratio" },
    () =>
      z.strictObject({
        prompt: z.string().min(1),
        image_input: z.array(mediaInput("image")).optional(),
        aspect_ratio: choice(),
        output_format: choice()
      }),
    "https://replicate.com/google/nano-banana/api"
  ),
  "google/nano-banana-pro": defineModel(
    "image",
    { prompt: "prompt", images: "image_input", aspectRatio: "aspect_ratio", resolution: "resolution" },
    () =>
      z.strictObject({
        prompt: z.string().min(1),
        image_input: z.array(mediaInput("image")).max(14).optional(),
        aspect_ratio: choice(),
        resolution: choice(),
        output_format: choice(),
        safety_filter_level: z
          .enum(["block_low_and_above", "block_medium_and_above", "block_only_high"])
          .optional()
      }),
    "https://replicate.com/google/nano-banana-pro/api"
  ),
  "bytedance/seedance-2.0": defineModel(
    "video",
    seedanceNames,
    seedance,
    "https://replicate.com/bytedance/seedance-2.0/api"
  ),
  "bytedance/seedance-2.0-fast": defineModel(
    "video",
    seedanceNames,
    seedance,
    "https://replicate.com/bytedance/seedance-2.0-fast/api"
  )
}

/** The models that `replicate.models` has. */
export type ReplicateModels = DefinedModels<typeof table>

export const models: ReplicateModels = defineModels(table)

const commonNames: InputNames = { prompt: "prompt" }

/** Returns the vendor's names of the common inputs of a model. Of unknown models, only that of the prompt is known. */
export const namesOf = (name: string): InputNames => inputNamesOf(table, name, commonNames)

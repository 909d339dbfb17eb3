/**
 * The current models, from https://kling.ai/document-api, read on 2026-10-30. Those below `/v1` are also in
 * https://github.com/tryAGI/KlingAI (MIT) of 2026-05-01. Every other model is passed on. They are not generated (2026-11-27):
 * the vendor publishes no SDK and no OpenAPI document, and no copy of the document that KlingAI is generated from was found.
 */
import { defineModels, lazySchema } from "@gentask/core/provider"
import type { DefinedModels } from "@gentask/core/provider"
import * as z from "zod"
import { image, legacy, options, prompt, seconds, secondsText, videoRatio } from "./fields.ts"

const docs = (page: string): string => `https://kling.ai/document-api/api/${page}`

const settings3 = {
  multi_shot: z.boolean().optional(),
  audio: z.enum(["native", "off"]).optional(),
  resolution: z.enum(["720p", "1080p", "4k"]).optional(),
  duration: seconds.optional()
}

/** Members of `videos/text2video` and `videos/image2video`. */
const legacyVideo = {
  prompt: prompt(2500).optional(),
  negative_prompt: z.string().max(2500).optional(),
  multi_shot: z.boolean().optional(),
  shot_type: z.enum(["customize", "intelligence"]).optional(),
  multi_prompt: z
    .array(z.strictObject({ index: z.int(), prompt: prompt(512), duration: z.string() }))
    .min(1)
    .max(6)
    .optional(),
  sound: z.enum(["on", "off"]).optional(),
  mode: z.enum(["std", "pro"]).optional(),
  camera_control: z.looseObject({ type: z.string() }).optional(),
  voice_list: z
    .array(z.looseObject({ voice_id: z.string() }))
    .max(2)
    .optional(),
  ...legacy
}

const text2video = lazySchema(() =>
  z.strictObject({
    ...legacyVideo,
    aspect_ratio: videoRatio.optional(),
    duration: secondsText.optional()
  })
)

const image2video = lazySchema(() =>
  z.strictObject({
    ...legacyVideo,
    image: image(10).optional(),
    image_tail: image(10).optional(),
    element_list: z
      .array(z.strictObject({ element_id: z.number() }))
      .max(3)
      .optional(),
    static_mask: image(10).optional(),
    dynamic_masks: z
      .array(z.looseObject({ mask: image(10) }))
      .max(6)
      .optional(),
    duration: secondsText.optional()
  })
)

/** The documented models, by the names that submits have. */
const table = {
  "text-to-video/kling-3.0": {
    mediaKind: "video",
    supportedInputs: ["prompt", "aspectRatio", "resolution", "duration"],
    input: lazySchema(() =>
      z.strictObject({
        prompt: prompt(3072),
        settings: z.strictObject({ ...settings3, aspect_ratio: videoRatio.optional() }).optional(),
        options
      })
    ),
    docs: docs("video/3-0-omni/text-to-video")
  },
  "image-to-video/kling-3.0": {
    mediaKind: "video",
    supportedInputs: ["prompt", "firstFrame", "lastFrame", "resolution", "duration"],
    input: lazySchema(() =>
      z.strictObject({
        contents: z
          .array(
            z.discriminatedUnion("type", [
              z.strictObject({ type: z.literal("prompt"), text: prompt(3072) }),
              z.strictObject({ type: z.literal("first_frame"), url: image(50) }),
              z.strictObject({ type: z.literal("last_frame"), url: image(50) }),
              z.strictObject({ type: z.literal("element"), element_id: z.string(), id: z.string() })
            ])
          )
          .min(1),
        settings: z.strictObject(settings3).optional(),
        options
      })
    ),
    docs: docs("video/3-0-omni/image-to-video")
  },
  "videos/text2video/kling-v3": {
    mediaKind: "video",
    supportedInputs: ["prompt", "aspectRatio", "duration"],
    input: text2video,
    docs: docs("video/3-0-omni/text-to-video/legacy")
  },
  "videos/image2video/kling-v3": {
    mediaKind: "video",
    supportedInputs: ["prompt", "firstFrame", "lastFrame", "duration"],
    input: image2video,
    docs: docs("video/3-0-omni/image-to-video")
  },
  "images/generations/kling-v3": {
    mediaKind: "image",
    supportedInputs: ["prompt", "images", "aspectRatio", "resolution", "count"],
    input: lazySchema(() =>
      z.strictObject({
        prompt: prompt(2500),
        negative_prompt: z.string().max(2500).optional(),
        image: image(10).optional(),
        image_reference: z.enum(["subject", "face"]).optional(),
        element_list: z.array(z.strictObject({ element_id: z.number() })).optional(),
        resolution: z.enum(["1k", "2k"]).optional(),
        n: z.int().min(1).max(9).optional(),
        aspect_ratio: z.enum(["16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9"]).optional(),
        ...legacy
      })
    ),
    docs: docs("image/2-1/image-generation")
  },
  "images/omni-image/kling-v3-omni": {
    mediaKind: "image",
    supportedInputs: ["prompt", "images", "aspectRatio", "resolution", "count"],
    input: lazySchema(() =>
      z.strictObject({
        prompt: prompt(2500),
        image_list: z
          .array(z.strictObject({ image: image(10) }))
          .max(10)
          .optional(),
        element_list: z
          .array(z.strictObject({ element_id: z.number() }))
          .max(10)
          .optional(),
        resolution: z.enum(["1k", "2k", "4k"]).optional(),
        result_type: z.enum(["single", "series"]).optional(),
        n: z.int().min(1).max(9).optional(),
        series_amount: z.union([z.int().min(2).max(9), z.literal("auto")]).optional(),
        aspect_ratio: z.enum(["16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "auto"]).optional(),
        ...legacy
      })
    ),
    docs: docs("image/3-0-omni/image-omni")
  }
} as const

/** The models that `kling.models` has. */
export type KlingModels = DefinedModels<typeof table>

export const models: KlingModels = defineModels(table)

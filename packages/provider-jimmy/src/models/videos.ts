/** The video models, except seedance. See https://docs.viraltok.ai/zh/api-reference/openapi.json */
import { defineModel } from "@gentask/core/provider"
import * as z from "zod"
import {
  audios,
  exclusive,
  flag,
  image,
  images,
  needs,
  orientation,
  prompt,
  seconds,
  video
} from "./fields.ts"

const anyPrompt = () => z.string().min(1)
const ratio = () => z.enum(["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"]).optional()

export const soraNames = {
  prompt: "prompt",
  images: "images",
  aspectRatio: "orientation",
  duration: "duration"
} as const

const sora = () =>
  z.strictObject({
    prompt: anyPrompt(),
    duration: z.int().min(1),
    orientation: orientation(),
    images: z.array(image()).optional()
  })

export const soraModels = {
  "sora2-12s": defineModel("video", soraNames, () =>
    z.strictObject({
      prompt: anyPrompt(),
      duration: z.literal(12),
      orientation: orientation(),
      images: images(1)
    })
  ),
  "sora2-gz-stable": defineModel("video", soraNames, sora),
  "sora2-gz-sp": defineModel("video", soraNames, sora),
  "openai-sora-2": defineModel("video", soraNames, sora)
}

export const veoNames = {
  prompt: "prompt",
  images: "images",
  firstFrame: "first_frame_url",
  lastFrame: "last_frame_url",
  aspectRatio: "orientation",
  resolution: "resolution"
} as const

const veo = <Resolution extends z.ZodType>(resolution: Resolution) =>
  z
    .strictObject({
      prompt: anyPrompt(),
      orientation: orientation(),
      resolution: resolution.optional(),
      images: images(3),
      first_frame_url: image().optional(),
      last_frame_url: image().optional()
    })
    .refine(exclusive(["images"], ["first_frame_url", "last_frame_url"]), {
      path: ["images"],
      message: "cannot be combined with frames"
    })
    .refine(needs("last_frame_url", "first_frame_url"), {
      path: ["last_frame_url"],
      message: "needs a first frame"
    })

export const veoModels = {
  veo_3_1_fast: defineModel("video", veoNames, () => veo(z.enum(["720p", "1080p", "4k"]))),
  "veo_3_1_fast-4k": defineModel("video", veoNames, () => veo(z.enum(["4k"]))),
  veo_3_1_lite: defineModel("video", veoNames, () => veo(z.enum(["720p"])))
}

export const omniNames = {
  prompt: "prompt",
  images: "image_urls",
  videos: "video_urls",
  aspectRatio: "aspect_ratio",
  resolution: "resolution",
  duration: "duration"
} as const

const omni = () =>
  z
    .strictObject({
      prompt: anyPrompt(),
      duration: z.literal([4, 6, 8, 10]).optional(),
      resolution: z.enum(["720p", "1080p", "4k"]).optional(),
      aspect_ratio: z.string().optional(),
      orientation: orientation(),
      generation_type: z.enum(["frame", "reference"]).optional(),
      image_urls: images(3),
      video_urls: z.array(video()).max(1).optional()
    })
    .refine(exclusive(["duration"], ["video_urls"]), {
      path: ["duration"],
      message: "cannot be combined with a video"
    })
    .refine(
      ({ generation_type, image_urls = [] }) =>
        image_urls.length <= 1 || (generation_type !== "frame" && image_urls.length === 3),
      { path: ["image_urls"], message: "must have 1 image, or 3 as references" }
    )

export const omniModels = {
  "Gemini-Omini": defineModel("video", omniNames, omni),
  "gemini-omni": defineModel("video", omniNames, omni),
  "Omni-Flash-Ext": defineModel("video", omniNames, omni),
  "omni-10s": defineModel("video", omniNames, () =>
    z.strictObject({
      prompt: anyPrompt(),
      duration: z.literal(10).optional(),
      resolution: z.literal("720p").optional(),
      aspect_ratio: z.string().optional(),
      orientation: orientation(),
      image_urls: images(7),
      video_urls: z.array(video()).max(1).optional()
    })
  )
}

/** The vendor's names for minimax, kling and seedance 2.5. */
export const referenceNames = {
  prompt: "prompt",
  images: "reference_images",
  firstFrame: "first_image",
  lastFrame: "last_image",
  audios: "reference_audios",
  aspectRatio: "aspect_ratio",
  duration: "duration"
} as const

const minimax = () =>
  z.strictObject({
    prompt: prompt(2000),
    duration: seconds(5, 15).optional(),
    aspect_ratio: ratio(),
    size: z.enum(["2560x1440", "1440x2560", "1440x1440", "1920x1440", "1440x1920", "3360x1440"]).optional(),
    reference_images: images(5),
    reference_audios: audios(1),
    first_image: image().optional(),
    last_image: image().optional()
  })

export const minimaxModels = {
  "minimax-h3": defineModel("video", referenceNames, minimax),
  "minimax-h3-gz": defineModel(
    "video",
    { ...referenceNames, videos: "reference_videos", resolution: "resolution" },
    () =>
      minimax()
        .extend({
          reference_videos: z.array(video()).max(3).optional(),
          resolution: z.enum(["768P", "2K"]).optional()
        })
        .refine(exclusive(["reference_videos"], ["first_image", "last_image"]), {
          path: ["reference_videos"],
          message: "cannot be combined with frames"
        })
        .refine(
          needs("reference_audios", "reference_images", "reference_videos", "first_image", "last_image"),
          { path: ["reference_audios"], message: "needs an image or a video" }
        )
  )
}

const { audios: _, ...withoutAudio } = referenceNames
export const klingNames = { ...withoutAudio, resolution: "resolution" } as const

export const klingModels = {
  "kling-o3": defineModel("video", klingNames, () =>
    z.strictObject({
      prompt: prompt(2000),
      duration: seconds(3, 15).optional(),
      aspect_ratio: z.enum(["16:9", "9:16", "1:1"]).optional(),
      resolution: z.enum(["720p", "1080p"]).optional(),
      reference_images: images(3),
      first_image: image().optional(),
      last_image: image().optional(),
      generate_audio: flag(),
      reference_mode: z.string().optional()
    })
  )
}

export const videoOnly = { videos: { name: "video_url", as: "single" } } as const
const tool = () => z.strictObject({ video_url: video() })

export const subtitleModels = { video_remove_subtitle: defineModel("video", videoOnly, tool) }

export const resolutionModels = {
  "superResolution-720p-lowfps": defineModel("video", videoOnly, tool),
  "superResolution-720p-highfps": defineModel("video", videoOnly, tool),
  "superResolution-1080p-lowfps": defineModel("video", videoOnly, tool),
  "superResolution-1080p-highfps": defineModel("video", videoOnly, tool),
  "superResolution-2k-lowfps": defineModel("video", videoOnly, tool),
  "superResolution-2k-highfps": defineModel("video", videoOnly, tool),
  "superResolution-4k-lowfps": defineModel("video", videoOnly, tool),
  "superResolution-4k-highfps": defineModel("video", videoOnly, tool)
}

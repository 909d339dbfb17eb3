/** The models of Flux 3. See https://docs.viraltok.ai/zh/api-reference/flux3/create.md */
import { defineModel } from "@gentask/core/provider"
import * as z from "zod"
import { image, prompt, seconds, video } from "./fields.ts"

export const fluxNames = { prompt: "prompt", aspectRatio: "aspect_ratio", duration: "duration" } as const

const draft = () =>
  z.strictObject({
    prompt: prompt(5000),
    duration: seconds(5, 20).optional(),
    aspect_ratio: z.enum(["auto", "21:9", "2:1", "16:9", "4:3", "1:1", "3:4", "9:16"]).optional()
  })

/** The elements of `keyframes` are not documented in the pages that were read. */
const keyframe = () => z.unknown()

export const fluxModels = {
  "flux-3-draft": defineModel("video", fluxNames, draft),
  "flux-3-i2v-draft": defineModel(
    "video",
    { ...fluxNames, images: { name: "image_url", as: "single" }, firstFrame: "image_url" },
    () => draft().extend({ image_url: image() })
  ),
  "flux-3-flf-draft": defineModel(
    "video",
    { ...fluxNames, firstFrame: "start_image_url", lastFrame: "end_image_url" },
    () => draft().extend({ start_image_url: image(), end_image_url: image() })
  ),
  "flux-3-keyframes-draft": defineModel("video", fluxNames, () =>
    draft().extend({ keyframes: z.array(keyframe()).min(1).max(10) })
  ),
  "flux-3-extend-draft": defineModel(
    "video",
    { ...fluxNames, videos: { name: "video_url", as: "single" } },
    () => draft().extend({ video_url: video() })
  ),
  "flux-3-enhance": defineModel("video", { prompt: "prompt", duration: "duration" }, () =>
    z.strictObject({
      prompt: prompt(5000).optional(),
      duration: seconds(5, 20).optional(),
      draft_cache_url: video()
    })
  )
}

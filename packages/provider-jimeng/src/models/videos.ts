/** The services that create videos, by `req_key`. See https://www.volcengine.com/docs/85621 */
import { defineModel } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"
import { flag, frames, image, images, oneKindOfImages, prompt, seed, videoRatio } from "./fields.ts"

const frame = { name: "image_urls", as: "list" } as const
const videoNames = { prompt: "prompt", seed: "seed", duration: "frames" } as const
const textNames = { ...videoNames, aspectRatio: "aspect_ratio" } as const
const firstNames = { ...videoNames, images: "image_urls", firstFrame: frame } as const
const tailNames = { ...videoNames, firstFrame: frame, lastFrame: frame } as const

const text = () =>
  z.strictObject({ prompt: prompt(), seed: seed(), frames: frames(), aspect_ratio: videoRatio() })
const fromImages = (count: number) =>
  z.strictObject({ prompt: prompt(), ...images(count), seed: seed(), frames: frames() })
const first = () => oneKindOfImages(fromImages(1))
const firstAndTail = () => oneKindOfImages(fromImages(2))
const templates = () =>
  z.enum([
    "hitchcock_dolly_in",
    "hitchcock_dolly_out",
    "robo_arm",
    "dynamic_orbit",
    "central_orbit",
    "crane_push",
    "quick_pull_back",
    "counterclockwise_swivel",
    "clockwise_swivel",
    "handheld",
    "rapid_push_pull"
  ])

export const videoModels = {
  jimeng_ti2v_v30_pro: defineModel("video", { ...firstNames, aspectRatio: "aspect_ratio" }, () =>
    z
      .strictObject({
        prompt: prompt().optional(),
        ...images(1),
        seed: seed(),
        frames: frames(),
        aspect_ratio: videoRatio()
      })
      .refine((input) => input.image_urls === undefined || input.binary_data_base64 === undefined, {
        path: ["image_urls"],
        message: "cannot be combined with binary_data_base64"
      })
      .refine((input) => (input.prompt ?? input.image_urls ?? input.binary_data_base64) !== undefined, {
        path: ["prompt"],
        message: "or an image must be set"
      })
  ),
  jimeng_t2v_v30: defineModel("video", textNames, text),
  jimeng_t2v_v30_1080p: defineModel("video", textNames, text),
  jimeng_i2v_first_v30: defineModel("video", firstNames, first),
  jimeng_i2v_first_v30_1080: defineModel("video", firstNames, first),
  jimeng_i2v_first_tail_v30: defineModel("video", tailNames, firstAndTail),
  jimeng_i2v_first_tail_v30_1080: defineModel("video", tailNames, firstAndTail),
  jimeng_i2v_recamera_v30: defineModel("video", firstNames, () =>
    oneKindOfImages(
      fromImages(1).extend({
        template_id: templates(),
        camera_strength: z.enum(["weak", "medium", "strong"])
      })
    )
  ),
  jimeng_dreamactor_m20_gen_video: defineModel(
    "video",
    { images: "image_urls", videos: { name: "video_url", as: "single" } },
    () =>
      oneKindOfImages(
        z.strictObject({
          ...images(1),
          video_url: mediaInput("video"),
          cut_result_first_second_switch: flag(),
          callback_url: z.url().optional()
        })
      )
  ),
  jimeng_realman_avatar_picture_omni_v15: defineModel(
    "video",
    {
      prompt: "prompt",
      images: { name: "image_url", as: "single" },
      audios: { name: "audio_url", as: "single" },
      resolution: "output_resolution",
      seed: "seed"
    },
    () =>
      z.strictObject({
        image_url: image(),
        audio_url: mediaInput("audio"),
        mask_url: z.array(image()).optional(),
        seed: seed(),
        prompt: z.string().min(1).max(300).optional(),
        output_resolution: z.literal([720, 1080]).optional(),
        pe_fast_mode: flag()
      })
  )
}

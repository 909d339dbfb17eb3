/** The services that create images, by `req_key`. See https://www.volcengine.com/docs/85621 */
import { defineModel } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"
import { flag, image, images, oneKindOfImages, prompt, seed, sides } from "./fields.ts"

const mega = 1024 ** 2

const textNames = { prompt: "prompt", seed: "seed" } as const
const editNames = { prompt: "prompt", images: "image_urls", seed: "seed" } as const
/** Each of several outputs is billed, so that only "one" is a number that the vendor can be given. */
const groupNames = { prompt: "prompt", images: "image_urls", count: "force_single" } as const

const group = (maxImages: number) =>
  z.strictObject({
    prompt: prompt(),
    image_urls: z.array(image()).max(maxImages).optional(),
    size: z
      .int()
      .min(mega)
      .max(16 * mega)
      .optional(),
    width: z.int().min(1).optional(),
    height: z.int().min(1).optional(),
    force_single: flag(),
    min_ratio: z.number().positive().optional(),
    max_ratio: z.number().positive().optional()
  })

const text = () =>
  sides(
    z.strictObject({
      prompt: prompt(),
      use_pre_llm: flag(),
      seed: seed(),
      width: z.int().optional(),
      height: z.int().optional()
    }),
    512,
    2048,
    3
  )

export const imageModels = {
  jimeng_t2i_v40: defineModel("image", groupNames, () =>
    sides(
      group(10).extend({
        scale: z.number().min(0).max(1).optional(),
        // Of the relays.
        model: z.string().optional(),
        resolution: z.string().optional()
      }),
      1024,
      4096
    )
  ),
  jimeng_seedream46_cvtob: defineModel("image", groupNames, () =>
    sides(
      group(14).extend({
        scale: z.int().min(1).max(100).optional(),
        callback_url: z.url().optional(),
        return_url: flag(),
        logo_info: z.string().optional(),
        aigc_meta: z.string().optional()
      }),
      1024,
      4096
    )
  ),
  jimeng_t2i_v31: defineModel("image", textNames, text),
  jimeng_t2i_v30: defineModel("image", textNames, text),
  jimeng_i2i_v30: defineModel("image", editNames, () =>
    oneKindOfImages(
      sides(
        z.strictObject({
          prompt: prompt(),
          ...images(1),
          seed: seed(),
          scale: z.number().min(0).max(1).optional(),
          width: z.int().min(512).max(2016).optional(),
          height: z.int().min(512).max(2016).optional()
        }),
        512,
        2016
      )
    )
  ),
  // The image and its mask.
  jimeng_image2image_dream_inpaint: defineModel("image", editNames, () =>
    oneKindOfImages(z.strictObject({ prompt: prompt(), ...images(2), seed: seed() }))
  ),
  jimeng_i2i_seed3_tilesr_cvtob: defineModel(
    "image",
    { images: "image_urls", resolution: "resolution" },
    () =>
      z.strictObject({
        image_urls: z.array(mediaInput("image")).length(1),
        resolution: z.enum(["4k", "8k"]).optional(),
        scale: z.int().min(0).max(100).optional()
      })
  )
}

/**
 * The models that both vendors have. The fields are those of either, since the table has one entry for a name. A vendor
 * rejects a field that it does not have before it creates a task. See
 * https://aigptimage.com/docs/image-models/gpt-image/gpt-image-2-text-to-image and
 * https://docs.kie.ai/market/gpt/gpt-image-2-text-to-image
 */
import { defineModel } from "@gentask/core/provider"
import * as z from "zod"
import { image } from "./fields.ts"
import { ratioFitsResolution } from "./rules.ts"

const docs = "https://aigptimage.com/docs/image-models/gpt-image/gpt-image-2-text-to-image"

export const gptImage2Names = {
  prompt: "prompt",
  aspectRatio: "aspect_ratio",
  resolution: "resolution"
} as const

const fields = () =>
  z.strictObject({
    prompt: z.string().min(1).max(20_000),
    aspect_ratio: z
      .enum([
        "auto",
        "1:1",
        "3:2",
        "2:3",
        "4:3",
        "3:4",
        "5:4",
        "4:5",
        "16:9",
        "9:16",
        "2:1",
        "1:2",
        "3:1",
        "1:3",
        "21:9",
        "9:21"
      ])
      .optional(),
    resolution: z.enum(["1K", "2K", "4K"]).optional(),
    quality: z.string().optional(),
    output_format: z.string().optional()
  })

/** Neither vendor reads base64 or `data:` URLs. */
const isLink = (value: unknown): boolean => typeof value !== "string" || !value.startsWith("data:")

/** The models that AI GPT Image and kie.ai have in common. */
export const gptImage2Models = {
  "gpt-image-2-text-to-image": defineModel(
    "image",
    gptImage2Names,
    () => ratioFitsResolution(fields(), false),
    docs
  ),
  "gpt-image-2-image-to-image": defineModel(
    "image",
    { ...gptImage2Names, images: "input_urls" },
    () =>
      ratioFitsResolution(
        fields().extend({
          input_urls: z
            .array(image(30).refine(isLink, "must be a public URL, and not a data: URL"))
            .min(1)
            .max(16)
        }),
        true
      ),
    "https://aigptimage.com/docs/image-models/gpt-image/gpt-image-2-image-to-image"
  )
}

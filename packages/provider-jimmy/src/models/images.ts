/** The image models. See https://docs.viraltok.ai/zh/api-reference/openapi.json */
import { defineModel } from "@gentask/core/provider"
import * as z from "zod"
import { image, images } from "./fields.ts"

/** The vendor's names of the common inputs. */
export const imageNames = {
  prompt: "prompt",
  images: "images",
  aspectRatio: "ratio",
  resolution: "resolution"
} as const
const grokNames = { ...imageNames, count: "n" } as const

/** No page limits the length of a prompt. */
const anyPrompt = () => z.string().min(1)
const ratio = () =>
  z.enum([
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
const resolution = () => z.enum(["1k", "2k", "4k"])
const unlimited = () => z.array(image()).optional()
const ratiosOf4k: ReadonlySet<string | undefined> = new Set(["16:9", "9:16", "2:1", "1:2", "21:9", "9:21"])

const banana = () =>
  z.strictObject({
    prompt: anyPrompt(),
    ratio: ratio().optional(),
    resolution: resolution().optional(),
    images: unlimited()
  })

const grok = () =>
  z.strictObject({
    prompt: anyPrompt(),
    ratio: ratio().optional(),
    resolution: z.enum(["1k", "2k"]).optional(),
    images: images(3),
    n: z.int().min(1).max(4).optional(),
    output_format: z.enum(["jpeg", "png", "webp"]).optional()
  })

export const imageModels = {
  "gpt-image-2": defineModel("image", imageNames, () =>
    z
      .strictObject({
        prompt: anyPrompt(),
        ratio: ratio().optional(),
        resolution: resolution().optional(),
        quality: z.enum(["low", "medium", "high"]).optional(),
        images: unlimited()
      })
      .refine((input) => input.resolution !== "4k" || ratiosOf4k.has(input.ratio), {
        path: ["ratio"],
        message: `must be ${[...ratiosOf4k].join(", ")} with the resolution 4k`
      })
  ),
  "nano-banana": defineModel("image", imageNames, banana),
  "nano-banana-2": defineModel("image", imageNames, banana),
  "nano-banana-pro": defineModel("image", imageNames, banana),
  "doubao-seedream-5-0-pro": defineModel("image", imageNames, () =>
    z.strictObject({
      prompt: anyPrompt(),
      ratio: z.enum(["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9", "auto"]).optional(),
      resolution: z.enum(["1k", "2k"]).optional(),
      images: images(10)
    })
  ),
  "grok-imagine-image": defineModel("image", grokNames, grok),
  "grok-imagine-image-2": defineModel("image", grokNames, grok)
}

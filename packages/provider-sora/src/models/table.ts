/**
 * The models that the relays document for `POST /v1/video/create`. See
 * https://docs.octopusx.ai/en/videos/sora/unified-generation and https://github.com/Stima-Tech/docs (Apertis).
 */
import type { InputNames, ModelSpec } from "@gentask/core/provider"
import * as z from "zod"
import { flag, images, media, model, prompt } from "./fields.ts"

const soraNames = {
  prompt: "prompt",
  images: "images",
  aspectRatio: "orientation",
  resolution: "size",
  duration: "duration"
} as const

/** Only the prompt is required at all relays that document the model. The template of others requires eight fields. */
const sora = () => ({
  prompt,
  images: images(),
  orientation: z.enum(["portrait", "landscape"]).optional(),
  size: z.enum(["small", "large"]).optional(),
  watermark: flag,
  private: flag,
  character_url: media("video").optional(),
  character_timestamps: z
    .string()
    .regex(/^\d+(?:\.\d+)?,\d+(?:\.\d+)?$/, "must be a start and an end in seconds, such as 0,3")
    .optional(),
  style: z.string().optional(),
  storyboard: z.boolean().optional()
})

const frame = { name: "images", as: "list" } as const
const veoNames = { prompt: "prompt", images: "images" } as const
const ratioNames = { ...veoNames, aspectRatio: "aspect_ratio" } as const
const frameNames = { prompt: "prompt", firstFrame: frame, lastFrame: frame } as const
const oneFrameNames = { prompt: "prompt", firstFrame: frame } as const

const veo2 = (max?: number) => () =>
  z.strictObject({ prompt, images: images(max), enhance_prompt: flag, enable_upsample: flag })
const veo3 = (max?: number) => () => veo2(max)().extend({ aspect_ratio: z.enum(["16:9", "9:16"]).optional() })

const veoModels = {
  veo2: model(veoNames, veo2()),
  "veo2-fast": model(veoNames, veo2()),
  "veo2-fast-frames": model(frameNames, veo2(2)),
  "veo2-fast-components": model(veoNames, veo2(3)),
  "veo2-pro": model(veoNames, veo2()),
  "veo2-pro-components": model(veoNames, veo2(3)),
  veo3: model(ratioNames, veo3()),
  "veo3-fast": model(ratioNames, veo3()),
  "veo3-fast-frames": model({ ...frameNames, aspectRatio: "aspect_ratio" }, veo3(2)),
  "veo3-frames": model({ ...frameNames, aspectRatio: "aspect_ratio" }, veo3(2)),
  "veo3-pro": model(ratioNames, veo3()),
  "veo3-pro-frames": model({ ...oneFrameNames, aspectRatio: "aspect_ratio" }, veo3(1)),
  "veo3.1": model(ratioNames, veo3()),
  "veo3.1-fast": model(ratioNames, veo3()),
  "veo3.1-pro": model(ratioNames, veo3()),
  "veo3.1-4k": model(ratioNames, veo3()),
  "veo3.1-pro-4k": model(ratioNames, veo3()),
  "veo3.1-components": model(ratioNames, veo3(3)),
  "veo3.1-fast-components": model(ratioNames, veo3(3))
}

const sizeNames = { ...ratioNames, resolution: "size" } as const

const jimeng = () =>
  z.strictObject({
    prompt,
    images: images(),
    aspect_ratio: z.enum(["16:9", "9:16", "4:3", "3:4", "1:1", "21:9"]).optional(),
    size: z.enum(["720x1280", "1280x720", "1080P"]).optional()
  })

const viduNames = {
  prompt: "prompt",
  images: "images",
  aspectRatio: "aspect_ratio",
  resolution: "resolution",
  duration: "duration",
  seed: "seed"
} as const

/** Documented by octopusx, without limits. */
const vidu = () =>
  z.strictObject({
    prompt: prompt.optional(),
    images: images(),
    duration: z.int().min(1).optional(),
    resolution: z.string().optional(),
    aspect_ratio: z.string().optional(),
    audio: flag,
    seed: z.int().optional(),
    voice_id: z.string().optional(),
    is_rec: flag,
    bgm: flag,
    payload: z.string().optional(),
    off_peak: flag,
    watermark: flag,
    wm_position: z.int().optional(),
    wm_url: media("image").optional(),
    meta_data: z.string().optional()
  })

export const table = {
  "sora-2": model(soraNames, () => z.strictObject({ ...sora(), duration: z.literal([10, 15]).optional() })),
  "sora-2-pro": model(soraNames, () =>
    z.strictObject({ ...sora(), duration: z.literal([10, 15, 25]).optional() })
  ),
  ...veoModels,
  "grok-video-3": model(sizeNames, () =>
    z.strictObject({
      prompt,
      images: images(),
      aspect_ratio: z.enum(["2:3", "3:2", "1:1"]).optional(),
      // One page lists 1080P, and says that only 720P is supported.
      size: z.enum(["720P", "1080P"]).optional()
    })
  ),
  "jimeng-video-3.0": model(sizeNames, jimeng),
  "jimeng-video-2.0": model(sizeNames, jimeng),
  "viduq3-pro": model(viduNames, vidu),
  "viduq2-pro-fast": model(viduNames, vidu),
  "viduq2-pro": model(viduNames, vidu),
  "viduq2-turbo": model(viduNames, vidu),
  viduq1: model(viduNames, vidu),
  "viduq1-classic": model(viduNames, vidu),
  "vidu2.0": model(viduNames, vidu)
}

const otherNames: ReadonlyArray<readonly [RegExp, InputNames]> = [
  [/^sora/, soraNames],
  [/^veo2/, veoNames],
  [/^veo/, ratioNames],
  [/^(?:grok|jimeng)/, sizeNames],
  [/^vidu/, viduNames]
]

/** Returns the vendor's names of the common inputs of a model. Unknown models have those of their family. */
export const namesOf = (name: string): InputNames => {
  const models: Readonly<Record<string, ModelSpec & { readonly names: InputNames }>> = table
  const known = Object.hasOwn(models, name) ? models[name] : undefined
  return known?.names ?? otherNames.find(([pattern]) => pattern.test(name))?.[1] ?? veoNames
}

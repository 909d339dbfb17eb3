/**
 * The models that the relays document for `POST /v1/video/create`. See
 * https://docs.octopusx.ai/en/videos/sora/unified-generation and https://github.com/Stima-Tech/docs (Apertis).
 */
import { defineModel, inputNamesOf } from "@gentask/core/provider"
import type { InputNames } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"
import { flag, images, prompt } from "./fields.ts"

const soraNames = {
  prompt: "prompt",
  images: "images",
  aspectRatio: "orientation",
  resolution: "size",
  duration: "duration"
} as const

/** Only the prompt is required at all relays that document the model. The template of others requires eight fields. */
const sora = () => ({
  prompt: prompt(),
  images: images(),
  orientation: z.enum(["portrait", "landscape"]).optional(),
  size: z.enum(["small", "large"]).optional(),
  watermark: flag(),
  private: flag(),
  character_url: mediaInput("video").optional(),
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
  z.strictObject({ prompt: prompt(), images: images(max), enhance_prompt: flag(), enable_upsample: flag() })
const veo3 = (max?: number) => () => veo2(max)().extend({ aspect_ratio: z.enum(["16:9", "9:16"]).optional() })

const veoModels = {
  veo2: defineModel("video", veoNames, veo2()),
  "veo2-fast": defineModel("video", veoNames, veo2()),
  "veo2-fast-frames": defineModel("video", frameNames, veo2(2)),
  "veo2-fast-components": defineModel("video", veoNames, veo2(3)),
  "veo2-pro": defineModel("video", veoNames, veo2()),
  "veo2-pro-components": defineModel("video", veoNames, veo2(3)),
  veo3: defineModel("video", ratioNames, veo3()),
  "veo3-fast": defineModel("video", ratioNames, veo3()),
  "veo3-fast-frames": defineModel("video", { ...frameNames, aspectRatio: "aspect_ratio" }, veo3(2)),
  "veo3-frames": defineModel("video", { ...frameNames, aspectRatio: "aspect_ratio" }, veo3(2)),
  "veo3-pro": defineModel("video", ratioNames, veo3()),
  "veo3-pro-frames": defineModel("video", { ...oneFrameNames, aspectRatio: "aspect_ratio" }, veo3(1)),
  "veo3.1": defineModel("video", ratioNames, veo3()),
  "veo3.1-fast": defineModel("video", ratioNames, veo3()),
  "veo3.1-pro": defineModel("video", ratioNames, veo3()),
  "veo3.1-4k": defineModel("video", ratioNames, veo3()),
  "veo3.1-pro-4k": defineModel("video", ratioNames, veo3()),
  "veo3.1-components": defineModel("video", ratioNames, veo3(3)),
  "veo3.1-fast-components": defineModel("video", ratioNames, veo3(3))
}

const sizeNames = { ...ratioNames, resolution: "size" } as const

const jimeng = () =>
  z.strictObject({
    prompt: prompt(),
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
    prompt: prompt().optional(),
    images: images(),
    duration: z.int().min(1).optional(),
    resolution: z.string().optional(),
    aspect_ratio: z.string().optional(),
    audio: flag(),
    seed: z.int().optional(),
    voice_id: z.string().optional(),
    is_rec: flag(),
    bgm: flag(),
    payload: z.string().optional(),
    off_peak: flag(),
    watermark: flag(),
    wm_position: z.int().optional(),
    wm_url: mediaInput("image").optional(),
    meta_data: z.string().optional()
  })

/** The documented models. */
export const table = {
  "sora-2": defineModel("video", soraNames, () =>
    z.strictObject({ ...sora(), duration: z.literal([10, 15]).optional() })
  ),
  "sora-2-pro": defineModel("video", soraNames, () =>
    z.strictObject({ ...sora(), duration: z.literal([10, 15, 25]).optional() })
  ),
  ...veoModels,
  "grok-video-3": defineModel("video", sizeNames, () =>
    z.strictObject({
      prompt: prompt(),
      images: images(),
      aspect_ratio: z.enum(["2:3", "3:2", "1:1"]).optional(),
      // One page lists 1080P, and says that only 720P is supported.
      size: z.enum(["720P", "1080P"]).optional()
    })
  ),
  "jimeng-video-3.0": defineModel("video", sizeNames, jimeng),
  "jimeng-video-2.0": defineModel("video", sizeNames, jimeng),
  "viduq3-pro": defineModel("video", viduNames, vidu),
  "viduq2-pro-fast": defineModel("video", viduNames, vidu),
  "viduq2-pro": defineModel("video", viduNames, vidu),
  "viduq2-turbo": defineModel("video", viduNames, vidu),
  viduq1: defineModel("video", viduNames, vidu),
  "viduq1-classic": defineModel("video", viduNames, vidu),
  "vidu2.0": defineModel("video", viduNames, vidu)
}

const otherNames: ReadonlyArray<readonly [RegExp, InputNames]> = [
  [/^sora/, soraNames],
  [/^veo2/, veoNames],
  [/^veo/, ratioNames],
  [/^(?:grok|jimeng)/, sizeNames],
  [/^vidu/, viduNames]
]

/** Returns the vendor's names of the common inputs of a model. Unknown models have those of their family. */
export const namesOf = (name: string): InputNames =>
  inputNamesOf(table, name, otherNames.find(([pattern]) => pattern.test(name))?.[1] ?? veoNames)

/** The seedance models. See https://docs.viraltok.ai/zh/api-reference/seedance/create.md */
import { defineModel } from "@gentask/core/provider"
import * as z from "zod"
import { audios, exclusive, flag, image, images, needs, prompt, seconds, videos } from "./fields.ts"

/** The vendor's names of the common inputs. */
export const seedanceNames = {
  prompt: "prompt",
  images: "images",
  firstFrame: "first_image",
  lastFrame: "last_image",
  videos: "reference_videos",
  audios: "reference_audios",
  aspectRatio: "ratio",
  resolution: "resolution",
  duration: "duration"
} as const

const { videos: _videos, ...withoutVideos } = seedanceNames
const { audios: _audios, resolution: _resolution, ...mdNames } = seedanceNames
const { videos: _, ...imageNames } = mdNames
const { resolution: _fixed, firstFrame: _first, lastFrame: _last, ...namesOf933 } = seedanceNames

const anyPrompt = () => z.string().min(1)
const threeRatios = () => z.enum(["16:9", "9:16", "1:1"]).optional()
const sixRatios = () => z.enum(["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"]).optional()
const upTo = (...resolutions: ReadonlyArray<"480p" | "720p" | "1080p">) => z.enum(resolutions).optional()
const all = () => upTo("480p", "720p", "1080p")
const low = () => upTo("480p", "720p")
const high = () => upTo("720p", "1080p")
/** Not limited in the pages that were read. */
const anyNumber = 100

const frames = () => ({
  images: images(anyNumber),
  first_image: image().optional(),
  last_image: image().optional()
})

/** Applies the rules of all models. */
const withRules = <Schema extends z.ZodType<Readonly<Record<string, unknown>>>>(schema: Schema): Schema =>
  schema
    .refine(exclusive(["images"], ["first_image", "last_image"]), {
      path: ["images"],
      message: "cannot be combined with first_image or last_image"
    })
    .refine(needs("reference_audios", "images", "first_image", "last_image", "reference_videos"), {
      path: ["reference_audios"],
      message: "needs an image or a video"
    })

const sp = () =>
  z.strictObject({
    prompt: anyPrompt(),
    duration: seconds(4, 15),
    ratio: threeRatios(),
    resolution: high(),
    ...frames(),
    reference_videos: videos(anyNumber),
    reference_audios: audios(anyNumber)
  })

const mini = () => sp().extend({ duration: seconds(4, 15).optional(), resolution: all() })

const md = () =>
  z.strictObject({
    prompt: prompt(5000),
    duration: seconds(4, 15),
    resolution: z.literal("720p").optional(),
    ratio: threeRatios(),
    ...frames(),
    images: images(4),
    reference_videos: videos(3)
  })

const gz = <Resolution extends z.ZodType>(resolution: Resolution) =>
  withRules(
    z.strictObject({
      prompt: anyPrompt(),
      duration: seconds(4, 15).optional(),
      resolution,
      ratio: z.enum(["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"]).optional(),
      ...frames(),
      images: images(9),
      reference_videos: videos(3),
      reference_audios: audios(3),
      generate_audio: flag()
    })
  )

export const seedanceModels = {
  "seedance2.0-sp": defineModel("video", seedanceNames, () => withRules(sp())),
  "seedance2.0-fast-sp": defineModel("video", withoutVideos, () =>
    withRules(sp().omit({ reference_videos: true }))
  ),
  "seedance2.0-of-sp": defineModel("video", seedanceNames, () =>
    withRules(sp().extend({ resolution: all() }))
  ),
  "seedance2.0-of-fast-sp": defineModel("video", seedanceNames, () =>
    withRules(sp().extend({ resolution: all() }))
  ),
  "seedance2.0-mini": defineModel("video", seedanceNames, () => withRules(mini())),
  "seedance2.0-mini-video": defineModel("video", seedanceNames, () => withRules(mini())),
  "seedance2.0-mini-sp": defineModel("video", seedanceNames, () =>
    withRules(sp().extend({ resolution: low() }))
  ),
  "seedance2.0-md": defineModel("video", mdNames, () => withRules(md())),
  "seedance2.0-fast-md": defineModel("video", mdNames, () => withRules(md())),
  "seedance2.0-fast-i2v": defineModel("video", imageNames, () =>
    withRules(
      md()
        .omit({ reference_videos: true })
        .extend({ duration: seconds(1, 15), resolution: z.string().optional(), images: images(9) })
    )
  ),
  "seedance2.0-std": defineModel("video", seedanceNames, () =>
    withRules(
      sp().extend({ resolution: all(), ratio: sixRatios(), images: images(9), reference_audios: audios(3) })
    )
  ),
  "seedance2.0-gz-720p": defineModel("video", seedanceNames, () => gz(all())),
  "seedance2.0-933": defineModel("video", { ...namesOf933, resolution: "resolution" }, () =>
    z.strictObject({
      prompt: prompt(5000),
      duration: seconds(4, 15).optional(),
      ratio: sixRatios(),
      resolution: all(),
      face_processing: flag(),
      generate_audio: flag(),
      reference_mode: z.enum(["image", "frame"]).optional(),
      images: images(9),
      reference_videos: videos(3),
      reference_audios: audios(3)
    })
  ),
  "sd2-933-720p": defineModel("video", namesOf933, () =>
    withRules(
      z.strictObject({
        prompt: prompt(5000),
        duration: seconds(4, 15).optional(),
        ratio: z.enum(["16:9", "9:16", "1:1", "4:3", "3:4"]).optional(),
        reference_mode: z.enum(["frame", "media"]).optional(),
        generate_audio: flag(),
        images: images(9),
        reference_videos: videos(3),
        reference_audios: audios(3)
      })
    )
  )
}

const seedance25 = () =>
  z.strictObject({
    prompt: prompt(5000),
    duration: seconds(4, 30).optional(),
    aspect_ratio: threeRatios(),
    resolution: low(),
    reference_images: images(30),
    reference_videos: videos(10),
    reference_audios: audios(10)
  })

export const seedance25Names = {
  prompt: "prompt",
  images: "reference_images",
  videos: "reference_videos",
  audios: "reference_audios",
  aspectRatio: "aspect_ratio",
  resolution: "resolution",
  duration: "duration"
} as const

export const seedance25Models = {
  "seedance-2.5": defineModel("video", seedance25Names, seedance25),
  "seedance-2.5-sp": defineModel(
    "video",
    { ...seedance25Names, firstFrame: "first_image", lastFrame: "last_image" },
    () =>
      seedance25()
        .extend({
          resolution: z.literal("720p").optional(),
          first_image: image().optional(),
          last_image: image().optional()
        })
        .refine(exclusive(["reference_images"], ["first_image", "last_image"]), {
          path: ["reference_images"],
          message: "cannot be combined with first_image or last_image"
        })
  ),
  // -1 lets the model choose the length.
  "seedance2.5-gz": defineModel("video", seedance25Names, () =>
    seedance25().extend({ duration: z.union([seconds(4, 30), z.literal(-1)]).optional() })
  )
}

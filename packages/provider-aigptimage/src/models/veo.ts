/**
 * Veo 3.1, which kie.ai does not create by createTask but at a path of its own. See
 * https://docs.kie.ai/veo3-api/generate-veo-3-video
 */
import { defineModel } from "@gentask/core/provider"
import * as z from "zod"
import { image } from "./fields.ts"

const docs = "https://docs.kie.ai/veo3-api/generate-veo-3-video"

const commonNames = {
  prompt: "prompt",
  firstFrame: { name: "imageUrls", as: "list" },
  lastFrame: { name: "imageUrls", as: "list" },
  aspectRatio: "aspect_ratio",
  resolution: "resolution",
  duration: "duration"
} as const

/** The fast and the lite model also take images as references. */
const namesWithReferences = { ...commonNames, images: "imageUrls" } as const

// `seeds` is in the vendor's examples only, and its range on an older page.
const fields = {
  prompt: z.string().min(1),
  imageUrls: z.array(image()).min(1).max(3).optional(),
  aspect_ratio: z.enum(["16:9", "9:16", "Auto"]).optional(),
  resolution: z.enum(["720p", "1080p", "4k"]).optional(),
  duration: z.literal([4, 6, 8]).optional(),
  enableTranslation: z.boolean().optional(),
  enableFallback: z.boolean().optional(),
  watermark: z.string().optional(),
  seeds: z.int().min(10_000).max(99_999).optional()
}

type Input = Readonly<Record<string, unknown>>

const countImages = ({ imageUrls }: Input): number => (Array.isArray(imageUrls) ? imageUrls.length : 0)

/** What each mode requires, in the vendor's words about `generationType`. */
const modeFitsImages = <Schema extends z.ZodType<Input>>(schema: Schema): Schema =>
  schema
    .refine(
      (input) =>
        input["generationType"] !== "FIRST_AND_LAST_FRAMES_2_VIDEO" || [1, 2].includes(countImages(input)),
      { path: ["imageUrls"], message: "must be 1 or 2 images with FIRST_AND_LAST_FRAMES_2_VIDEO" }
    )
    .refine((input) => input["generationType"] !== "REFERENCE_2_VIDEO" || countImages(input) > 0, {
      path: ["imageUrls"],
      message: "must be 1 to 3 images with REFERENCE_2_VIDEO"
    })
    .refine(({ generationType, duration = 8 }) => generationType !== "REFERENCE_2_VIDEO" || duration === 8, {
      path: ["duration"],
      message: "must be 8 with references"
    })

const withReferences = () =>
  modeFitsImages(
    z.strictObject({
      ...fields,
      generationType: z
        .enum(["TEXT_2_VIDEO", "FIRST_AND_LAST_FRAMES_2_VIDEO", "REFERENCE_2_VIDEO"])
        .optional()
    })
  )

/** The Veo models of kie.ai. */
export const kieVeo = {
  veo3: defineModel(
    "video",
    commonNames,
    () =>
      modeFitsImages(
        z.strictObject({
          ...fields,
          generationType: z.enum(["TEXT_2_VIDEO", "FIRST_AND_LAST_FRAMES_2_VIDEO"]).optional()
        })
      ),
    docs
  ),
  veo3_fast: defineModel("video", namesWithReferences, withReferences, docs),
  veo3_lite: defineModel("video", namesWithReferences, withReferences, docs)
}

/** Checks whether a model is created at the path of Veo. */
export const isVeo = (model: string): boolean => Object.hasOwn(kieVeo, model)

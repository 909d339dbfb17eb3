/** Rules between the fields of a model, which the vendor describes in sentences. */
import type * as z from "zod"

type Input = Readonly<Record<string, unknown>>

const isGiven = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== undefined)

/** Of seedance 2.5: frames exclude references, and a last frame needs a first one. */
export const framesOrReferences = <Schema extends z.ZodType<Input>>(schema: Schema): Schema =>
  schema
    .refine((input) => !isGiven(input["last_frame_url"]) || isGiven(input["first_frame_url"]), {
      path: ["last_frame_url"],
      message: "needs a first frame"
    })
    .refine(
      (input) =>
        !isGiven(input["first_frame_url"]) ||
        !["reference_image_urls", "reference_video_urls", "reference_audio_urls"].some((name) =>
          isGiven(input[name])
        ),
      { path: ["first_frame_url"], message: "cannot be combined with references" }
    )

/** Of hailuo 2.3: 10 seconds are not possible with 1080P. */
export const shortAt1080p = <Schema extends z.ZodType<Input>>(schema: Schema): Schema =>
  schema.refine((input) => input["duration"] !== "10" || input["resolution"] !== "1080P", {
    path: ["duration"],
    message: "must be 6 with the resolution 1080P"
  })

const never2k = new Set<unknown>(["5:4", "4:5", "3:1", "1:3", "9:21"])

/** Of gpt-image-2: the vendor fails tasks with other pairs of resolution and ratio. */
export const ratioFitsResolution = <Schema extends z.ZodType<Input>>(
  schema: Schema,
  hasNarrowRatios: boolean
): Schema =>
  schema.refine(
    ({ resolution = "1K", aspect_ratio: ratio = "auto" }) =>
      resolution === "1K" ||
      (ratio !== "auto" &&
        !(ratio === "1:1" && resolution === "4K") &&
        (hasNarrowRatios || !never2k.has(ratio))),
    { path: ["resolution"], message: "is not possible with this aspect_ratio" }
  )

/** The fields that several services share. */
import { isEmbeddedFile } from "@gentask/core/provider"
import type { EmbeddedFile } from "@gentask/core/provider"
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

export const image = () => mediaInput("image")

/** The documented limit of images inside the body: 4.7 MB. */
const maxEmbeddedBytes = 4.7 * 1024 * 1024

const isBase64 = (value: unknown): boolean =>
  typeof value === "string" ? /^[A-Za-z0-9+/=]+$/.test(value) : isEmbeddedFile(value)

const isSmall = (value: unknown): boolean => !isEmbeddedFile(value) || value.file.size <= maxEmbeddedBytes

/** An image inside the body: base64 without a `data:` prefix, which the vendor does not document. */
const base64 = (): z.ZodType<string | EmbeddedFile, string | EmbeddedFile> =>
  z
    .any()
    .refine(isBase64, "must be base64 without a prefix")
    .refine(isSmall, "must not be larger than 4.7 MB")
    .meta({ type: "string", contentEncoding: "base64", contentMediaType: "image/*" })

export const prompt = () => z.string().min(1).max(800)
export const seed = () => z.int().min(-1).optional()
export const flag = () => z.boolean().optional()

/** 5 or 10 seconds: the vendor counts 24 frames per second, and one. */
export const frames = () => z.literal([121, 241]).optional()
export const videoRatio = () => z.enum(["16:9", "4:3", "1:1", "3:4", "9:16", "21:9"]).optional()

/** Images as URLs or inside the body. */
export const images = (count: number) => ({
  image_urls: z.array(image()).length(count).optional(),
  binary_data_base64: z.array(base64()).length(count).optional()
})

type Input = Readonly<Record<string, unknown>>

const counted = ["image_urls", "binary_data_base64"]

/** Requires images either as URLs or inside the body. */
export const oneKindOfImages = <Schema extends z.ZodType<Input>>(schema: Schema): Schema =>
  schema.refine((input) => counted.filter((name) => input[name] !== undefined).length === 1, {
    path: ["image_urls"],
    message: "or binary_data_base64 must be set, and not both"
  })

/** Requires both sides of the output, or none, within an area in pixels and up to a ratio. */
export const sides = <Schema extends z.ZodType<Input>>(
  schema: Schema,
  minSide: number,
  maxSide: number,
  maxRatio = Number.POSITIVE_INFINITY
): Schema =>
  schema.refine(
    ({ width, height }) => {
      if (width === undefined && height === undefined) return true
      if (typeof width !== "number" || typeof height !== "number") return false
      const area = width * height
      const ratio = width / height
      return area >= minSide ** 2 && area <= maxSide ** 2 && ratio <= maxRatio && ratio >= 1 / maxRatio
    },
    {
      path: ["width"],
      message: `must be set together with height, with an area from ${minSide}² to ${maxSide}²${
        maxRatio === Number.POSITIVE_INFINITY ? "" : ` and a ratio up to ${maxRatio}`
      }`
    }
  )

/** The images in a body of Jimeng: bare base64, or links. */
import * as z from "zod"
import { eitherOf, exclusive, hasValue, links, listOf } from "../bodyFields.ts"
import type { BodyRule, Fields } from "../bodyFields.ts"

/** Documented: 4.7 MB for each image. */
const maxImageSize = 4.7 * 1024 * 1024

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47])
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff])

const isBase64 = (value: string): boolean =>
  value.length > 0 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)

const decodedSize = (value: string): number =>
  (value.length / 4) * 3 - (value.endsWith("==") ? 2 : Number(value.endsWith("=")))

const isJpegOrPng = (value: string): boolean => {
  const start = Buffer.from(value.slice(0, 8), "base64")
  return [pngSignature, jpegSignature].some((each) => each.equals(start.subarray(0, each.length)))
}

/** One image in base64, without a `data:` prefix. */
const base64Image = z
  .string()
  .refine(isBase64, { error: "expected base64 without a prefix", abort: true })
  .refine((value) => decodedSize(value) <= maxImageSize, "expected at most 4.7 MB")
  .refine(isJpegOrPng, "expected a JPEG or a PNG")

/** The fields and the rules of images. */
export interface ImageFields {
  /** The fields. */
  readonly fields: Fields
  /** The rules. */
  readonly rules: readonly BodyRule[]
}

/** Exactly `count` images, as base64 or as links. */
export const images = (count: number): ImageFields => ({
  fields: {
    binary_data_base64: listOf(base64Image, count, count),
    image_urls: links(count, count)
  },
  rules: [eitherOf("binary_data_base64", "image_urls")]
})

/** One image, or a prompt, or both. */
export const optionalImage: ImageFields = {
  fields: { binary_data_base64: listOf(base64Image, 1), image_urls: links(1) },
  rules: [
    exclusive(["binary_data_base64"], ["image_urls"]),
    (body) =>
      ["prompt", "binary_data_base64", "image_urls"].some((name) => hasValue(body, name))
        ? undefined
        : "prompt or an image is required"
  ]
}

/** Up to `max` images as links. */
export const imageLinks = (max: number, min = 0): ImageFields => ({
  fields: { image_urls: links(max, min) },
  rules: []
})

/** No images. */
export const noImages: ImageFields = { fields: {}, rules: [] }

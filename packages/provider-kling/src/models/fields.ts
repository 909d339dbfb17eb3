/** The fields that several models share. */
import { embedFile, isEmbeddedFile, isInputFile, isMediaInput, mediaJsonSchema } from "@gentask/core/provider"
import type { EmbeddedFile, MediaInput } from "@gentask/core/provider"
import * as z from "zod"

/** An image, as a URL or as a file, which is embedded as base64. The vendor has no upload. */
export const image = (maxMegabytes: number): z.ZodType<MediaInput | EmbeddedFile, MediaInput> =>
  z
    .any()
    .refine((value) => isEmbeddedFile(value) || isMediaInput(value), "must be a URL or a file")
    .refine((value) => {
      const file = isEmbeddedFile(value) ? value.file : value
      return !isInputFile(file) || file.size <= maxMegabytes * 1024 * 1024
    }, `must not be larger than ${maxMegabytes} MB`)
    .transform((value) => (isInputFile(value) ? embedFile(value) : value))
    .meta({ ...mediaJsonSchema("image") })

/** A prompt of a length. */
export const prompt = (maxLength: number) => z.string().min(1).max(maxLength)

const watermark = z.strictObject({ enabled: z.boolean() })

/** Members of every model with its own path. */
export const options = z
  .strictObject({
    callback_url: z.string(),
    external_task_id: z.string(),
    watermark_info: watermark
  })
  .partial()
  .optional()

/** Members of every model below `/v1`. */
export const legacy = {
  model_name: z.string().optional(),
  watermark_info: watermark.optional(),
  callback_url: z.string().optional(),
  external_task_id: z.string().optional()
}

/** Lengths of a video, in seconds. */
export const seconds = z.literal([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
/** The same, as text. */
export const secondsText = z.enum(["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"])

export const videoRatio = z.enum(["16:9", "9:16", "1:1"])

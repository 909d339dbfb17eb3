/** The fields that several models share. */
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

export const image = (maxMegabytes: number) => mediaInput("image", { maxMegabytes })

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

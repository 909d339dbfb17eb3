/**
 * The responses of Kling AI: the fields that are read. See
 * https://app.klingai.com/global/dev/document-api/apiReference/model/textToVideo
 */
import * as z from "zod"

// The status and the links must stay readable if a less important field has another type.
const text = z.string().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)
const media = z.array(z.object({ url: z.string().nullish(), watermark_url: text }).nullish()).nullish()

/** All paths have the same response. */
export const response = z.object({
  code: z.union([z.number(), z.string()]).nullish(),
  message: text,
  request_id: text,
  data: z
    .object({
      task_status: z.string().nullish(),
      task_status_msg: text,
      task_result: z.object({ images: media, videos: media }).nullish(),
      created_at: instant,
      updated_at: instant
    })
    .nullish()
})

export type KlingResponse = z.infer<typeof response>

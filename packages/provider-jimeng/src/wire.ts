/**
 * The JSON of the Jimeng official format, as far as it is needed. Documented at
 * https://docs.octopusx.ai/en/images/jimeng/official-query; the format is that of Volcengine's visual services, and
 * relays answer in it, in Volcengine's gateway errors and in the envelope of the new-api gateway.
 */
import * as z from "zod"

// What is told beside the status and the result must not hide them when it comes in another shape.
const text = z.string().nullish().catch(null)
const code = z.union([z.number(), z.string()])
const instant = z.union([z.number(), z.string()]).nullish().catch(null)
const media = z.array(z.string().nullish()).nullish()

const task = z.object({
  status: z.string().nullish(),
  image_urls: media,
  binary_data_base64: media,
  video_url: z.string().nullish(),
  // The fields of a task of the new-api gateway.
  result_url: text,
  fail_reason: text,
  progress: z.unknown().optional(),
  submit_time: instant,
  finish_time: instant
})

/** An answer. The outer `status` is a number that repeats `code`, and is not the task's. */
export const response = z.object({
  code: code.nullish(),
  message: text,
  request_id: text,
  data: task.nullish(),
  ResponseMetadata: z
    .object({
      RequestId: text,
      Error: z.object({ Code: code.nullish().catch(null), Message: text }).nullish()
    })
    .nullish()
})

export type JimengTask = z.infer<typeof task>
export type JimengResponse = z.infer<typeof response>

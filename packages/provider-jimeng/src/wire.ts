/**
 * The responses of the Jimeng official format: the fields that are read. See
 * https://docs.octopusx.ai/en/images/jimeng/official-query. It is the format of Volcengine's visual services. Relays also
 * return Volcengine's gateway errors, and tasks in the envelope of the new-api gateway.
 */
import * as z from "zod"

// A side field of another type must not make the status and the result unreadable.
const text = z.string().nullish().catch(null)
const code = z.union([z.number(), z.string()])
const instant = z.union([z.number(), z.string()]).nullish().catch(null)
const media = z.array(z.string().nullish()).nullish()

const task = z.object({
  status: z.string().nullish(),
  image_urls: media,
  binary_data_base64: media,
  video_url: z.string().nullish(),
  // The fields of tasks of the new-api gateway.
  result_url: text,
  fail_reason: text,
  progress: z.unknown().optional(),
  submit_time: instant,
  finish_time: instant
})

/** The outer `status`, a number that repeats `code`, is not that of the task and is not read. */
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

/** The responses of Jimmy AI: the fields that are read. See https://docs.jimmyai.cn/en/api-reference/common/query */
import * as z from "zod"

// A side field of another type must not make the status and the result unreadable.
const text = z.string().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)

const task = z.object({
  status: z.string().nullish(),
  progress: z.unknown().optional(),
  model: text,
  created_at: instant,
  completed_at: instant,
  result: z.object({ image_url: z.string().nullish(), video_url: z.string().nullish() }).nullish(),
  error_message: text,
  // The names of the message in the vendor's FAQ.
  error_msg: text,
  reason: text
})

/** A task in an envelope. Older editions of the documentation show the task alone. */
export const response = task.extend({
  code: z.union([z.string(), z.number()]).nullish(),
  msg: text,
  data: task.nullish()
})

export type JimmyResponse = z.infer<typeof response>

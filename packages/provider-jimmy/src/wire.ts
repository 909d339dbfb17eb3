/** The JSON of Jimmy AI, as far as it is needed. Documented at https://docs.jimmyai.cn/en/api-reference/common/query */
import * as z from "zod"

// What is told beside the status and the result must not hide them when it comes in another shape.
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
  // The vendor's FAQ calls the message by these names.
  error_msg: text,
  reason: text
})

/** An answer: a task in an envelope, or, in older editions of the document, the task alone. */
export const response = task.extend({
  code: z.union([z.string(), z.number()]).nullish(),
  msg: text,
  data: task.nullish()
})

export type JimmyResponse = z.infer<typeof response>

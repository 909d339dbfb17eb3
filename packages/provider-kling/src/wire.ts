/**
 * The responses of Kling AI: the fields that the verdict depends on. Others are read where they are, whatever their type.
 * See https://kling.ai/document-api/api/video/2-6/text-to-video.
 */
import * as z from "zod"

// The status and the links must stay readable if a less important field has another type.
const text = z.string().nullish().catch(null)

const task = z.looseObject({
  /** Of tasks at `/tasks`. */
  id: text,
  status: z.string().nullish(),
  outputs: z.array(z.looseObject({}).nullish().catch(null)).nullish().catch(null),
  /** Of tasks below `/v1`. */
  task_id: text,
  task_status: z.string().nullish(),
  task_result: z.unknown().optional()
})

/** A task, or the tasks of a list. */
export const response = z.looseObject({
  request_id: text,
  data: z.union([task, z.array(task)]).nullish()
})

export type KlingTask = z.infer<typeof task>
export type KlingResponse = z.infer<typeof response>

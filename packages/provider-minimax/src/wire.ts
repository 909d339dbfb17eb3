/**
 * The responses of MiniMax: the fields that are read. See
 * https://platform.minimax.io/docs/api-reference/video-generation-query for the first video API, and
 * https://platform.minimax.io/docs/api-reference/video-generation-v2-query for the second.
 */
import * as z from "zod"

// The status and the file must stay readable if a less important field has another type.
const text = z.string().nullish().catch(null)
const number = z.number().nullish().catch(null)

// Text at the first API, and a 64-bit number elsewhere. A number beyond JavaScript's precision would be another file's id.
const fileId = z.union([z.string(), z.int()]).nullish()

/** A task of the second API. */
const videoTask = z.object({
  id: text,
  model: text,
  status: z.string().nullish(),
  error: z
    .object({ code: z.union([z.string(), z.number()]).nullish(), message: text })
    .nullish()
    .catch(null),
  created_at: number,
  updated_at: number,
  content: z.unknown().optional(),
  usage: z.object({ total_seconds: number }).nullish().catch(null)
})

/** A task of either API. */
export const response = z.looseObject({
  status: z.string().nullish(),
  file_id: fileId,
  video_width: number,
  video_height: number,
  task: videoTask.nullish()
})

/** The file of a task, or of an upload. */
export const fileResponse = z.object({
  // The link must stay readable if the id has another form.
  file: z.object({ file_id: fileId.catch(null), download_url: z.string().nullish() }).nullish()
})

export type MinimaxResponse = z.infer<typeof response>
export type MinimaxTask = z.infer<typeof videoTask>
export type MinimaxFile = z.infer<typeof fileResponse>

/** The JSON of MiniMax, as far as it is needed. Documented at https://platform.minimax.io/docs/api-reference/video-generation-query */
import * as z from "zod"

// What is told beside the status and the file must not hide them when it comes in another shape.
const text = z.string().nullish().catch(null)
const pixels = z.number().nullish().catch(null)

/** Beside every answer, and always in HTTP 200. */
const envelope = z
  .object({ status_code: z.union([z.number(), z.string()]).nullish(), status_msg: text })
  .nullish()

export const task = z.object({
  status: z.string().nullish(),
  // A text here and a number of 64 bits as a parameter; a number that JavaScript cannot hold would name another file.
  file_id: z.union([z.string(), z.int()]).nullish(),
  video_width: pixels,
  video_height: pixels,
  base_resp: envelope
})

/** The answer about the file that a task made. */
export const retrieval = z.object({
  file: z.object({ download_url: z.string().nullish() }).nullish(),
  base_resp: envelope
})

export type MinimaxTask = z.infer<typeof task>
export type MinimaxRetrieval = z.infer<typeof retrieval>

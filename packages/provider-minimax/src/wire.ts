/**
 * The responses of MiniMax: the fields that are read. See
 * https://platform.minimax.io/docs/api-reference/video-generation-query
 */
import * as z from "zod"

// The status and the file must stay readable if a less important field has another type.
const text = z.string().nullish().catch(null)
const pixels = z.number().nullish().catch(null)

/** Part of every response. Errors are HTTP 200 too. */
const envelope = z
  .object({ status_code: z.union([z.number(), z.string()]).nullish(), status_msg: text })
  .nullish()

export const task = z.object({
  status: z.string().nullish(),
  // Text here, and a 64-bit number as a parameter. A number beyond JavaScript's precision would be another file's id.
  file_id: z.union([z.string(), z.int()]).nullish(),
  video_width: pixels,
  video_height: pixels,
  base_resp: envelope
})

/** The file of a task. */
export const retrieval = z.object({
  file: z.object({ download_url: z.string().nullish() }).nullish(),
  base_resp: envelope
})

export type MinimaxTask = z.infer<typeof task>
export type MinimaxRetrieval = z.infer<typeof retrieval>

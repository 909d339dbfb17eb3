/**
 * The JSON of the unified video format, as far as it is needed. Documented at
 * https://docs.octopusx.ai/en/videos/sora/unified-query; relays add fields of their own, and of the gateway behind them.
 */
import * as z from "zod"

// What is told beside the status and the video must not hide them when it comes in another shape.
const text = z.string().nullish().catch(null)
const number = z.number().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)
const code = z.union([z.string(), z.number()]).nullish().catch(null)

const loose = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).nullish().catch(null)

const links = loose({ video_url: text, url: text })
const encoding = loose({ path: text })

/** Why something failed: a sentence, or a code with one. */
const error = z
  .union([z.string().transform((message) => ({ message, code: null })), z.object({ message: text, code })])
  .nullish()
  .catch(null)

/** What the model behind the relay said. */
const detail = loose({
  status: text,
  url: text,
  gif_url: text,
  thumbnail_url: text,
  error,
  input: loose({ prompt: text }),
  pending_info: loose({
    prompt: text,
    created_at: instant,
    progress_pct: z.unknown().optional(),
    failure_reason: text,
    moderation_result: loose({ type: text, code })
  }),
  draft_info: loose({
    created_at: instant,
    encodings: loose({ source: encoding, source_wm: encoding })
  })
})

const task = z.object({
  id: text,
  task_id: text,
  status: z.string().nullish(),
  model: text,
  progress: z.unknown().optional(),
  width: number,
  height: number,
  video_url: z.string().nullish(),
  thumbnail_url: text,
  status_update_time: instant,
  created_at: instant,
  completed_at: instant,
  detail,
  error,
  error_message: text,
  fail_reason: text,
  // Where relays are seen to put the link instead of `video_url`.
  result_url: text,
  url: text,
  videoUrl: text,
  result: links,
  data: links,
  output: links,
  task_result: loose({ videos: z.array(links).nullish().catch(null) }),
  metadata: links,
  video: links,
  // The times of a task of the new-api gateway.
  submit_time: instant,
  updated_at: instant,
  finish_time: instant
})

/** An answer: a task, bare or in the envelope of the new-api gateway, or an error. */
export const response = task.extend({ code, message: text, data: task.nullish().catch(null) })

export type SoraTask = z.infer<typeof task>
export type SoraResponse = z.infer<typeof response>

/**
 * The JSON of the unified video format, as far as its shape matters. Documented at
 * https://docs.octopusx.ai/en/videos/sora/unified-query; relays add fields of their own, and of the gateway behind them.
 * Texts that stand now here and now there are read by their places, which these loose objects keep.
 */
import * as z from "zod"

// What is told beside the status and the video must not hide them when it comes in another shape.
const text = z.string().nullish().catch(null)
const number = z.number().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)
const code = z.union([z.string(), z.number()]).nullish().catch(null)
const loose = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape).nullish().catch(null)

/** Why something failed: a sentence, or a code with one. */
const error = z
  .union([z.string().transform((message) => ({ message, code: null })), z.object({ message: text, code })])
  .nullish()
  .catch(null)

const task = z.looseObject({
  status: z.string().nullish(),
  video_url: z.string().nullish(),
  model: text,
  progress: z.unknown().optional(),
  width: number,
  height: number,
  status_update_time: instant,
  created_at: instant,
  completed_at: instant,
  // The times of a task of the new-api gateway.
  submit_time: instant,
  updated_at: instant,
  finish_time: instant,
  error,
  /** What the model behind the relay said. */
  detail: loose({
    error,
    pending_info: loose({
      created_at: instant,
      progress_pct: z.unknown().optional(),
      moderation_result: loose({ type: text, code })
    }),
    draft_info: loose({ created_at: instant })
  })
})

/** An answer: a task, bare or in the envelope of the new-api gateway, or an error. */
export const response = task.extend({ code, message: text, data: task.nullish().catch(null) })

export type SoraTask = z.infer<typeof task>
export type SoraResponse = z.infer<typeof response>

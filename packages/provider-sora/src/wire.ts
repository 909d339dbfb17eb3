/**
 * The responses of the unified video format: the fields whose type matters. See
 * https://docs.octopusx.ai/en/videos/sora/unified-query. Relays add fields of their own, and those of the gateway behind
 * them. The loose objects keep them, so that text in varying places can be read by its path.
 */
import * as z from "zod"

// A side field of another type must not make the status and the video unreadable.
const text = z.string().nullish().catch(null)
const number = z.number().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)
const code = z.union([z.string(), z.number()]).nullish().catch(null)
const loose = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape).nullish().catch(null)

/** A message, or an object with a code and a message. */
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
  // The times of tasks of the new-api gateway.
  submit_time: instant,
  updated_at: instant,
  finish_time: instant,
  error,
  /** The response of the model behind the relay. */
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

/** A task with or without the envelope of the new-api gateway, or an error. */
export const response = task.extend({ code, message: text, data: task.nullish().catch(null) })

export type SoraTask = z.infer<typeof task>
export type SoraResponse = z.infer<typeof response>

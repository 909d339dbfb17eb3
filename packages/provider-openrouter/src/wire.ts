import * as z from "zod"

const text = z.string().nullish().catch(null)

/** A job. HTTP errors have only `error`, which is an object then. */
export const job = z.object({
  id: z.string().nullish(),
  status: z.string().nullish(),
  error: z.unknown().optional(),
  model: text,
  unsigned_urls: z.unknown().optional(),
  urls: z.unknown().optional(),
  usage: z.unknown().optional()
})

export type Job = z.infer<typeof job>

const event = z.object({ id: text, status: text })

/** A webhook: an event around the job, or in older documents the job itself. */
export const webhookBody = event.extend({ type: text, data: event.nullish() })

export type WebhookBody = z.infer<typeof webhookBody>

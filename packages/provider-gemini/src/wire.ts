import * as z from "zod"

const text = z.string().nullish().catch(null)

/** A long-running operation. HTTP errors have only `error`. Relays send other shapes of `response`. */
export const operation = z.object({
  name: text,
  done: z.unknown().optional(),
  error: z.unknown().optional(),
  response: z.unknown().optional()
})

export type Operation = z.infer<typeof operation>

/**
 * The responses of Luma Dream Machine: the fields that are read. See the types of the official client,
 * https://github.com/lumalabs/lumaai-node/blob/main/src/resources/generations/generations.ts
 */
import * as z from "zod"

// The state and the links must stay readable if a less important field has another type.
const text = z.string().nullish().catch(null)
const link = z.string().nullish()

/** A generation, as a submit, a query and a notification have it. */
export const generation = z.object({
  id: z.string().min(1).nullish().catch(null),
  state: z.string().nullish(),
  model: text,
  created_at: text,
  failure_reason: text,
  assets: z.object({ image: link, video: link }).nullish()
})

export type LumaGeneration = z.infer<typeof generation>

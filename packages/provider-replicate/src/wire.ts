/**
 * The responses of Replicate: the members that the verdict depends on. See https://replicate.com/docs/reference/http. The
 * others are read where they are, whatever their type.
 */
import * as z from "zod"

/** A prediction, or an error. */
export const prediction = z.looseObject({
  id: z.string().nullish().catch(null),
  status: z.string().nullish()
})

/** A prediction, or an error. */
export type Prediction = z.infer<typeof prediction>

/** A response to a request that creates something. The verdict depends on its id. */
export const created = z.looseObject({
  id: z.string().nullish().catch(null),
  status: z.string().nullish().catch(null)
})

/** Any response, of which only the members that are needed are read. */
export const body = z.looseObject({})

/** Any response. */
export type ReplicateBody = z.infer<typeof body>

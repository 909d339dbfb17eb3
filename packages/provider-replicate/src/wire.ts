/**
 * The responses of Replicate: the members that the verdict depends on. See https://replicate.com/docs/reference/http. The
 * others are read where they are, whatever their type.
 */
import * as z from "zod"

/** A prediction, or an error, which has its HTTP status as `status`. The verdict on a submit depends on the id. */
export const prediction = z.looseObject({
  id: z.string().nullish().catch(null),
  status: z.string().nullish().catch(null)
})

/** A prediction, or an error. */
export type Prediction = z.infer<typeof prediction>

/** Any response, of which only the members that are needed are read. */
export const body = z.looseObject({})

/** Any response. */
export type ReplicateBody = z.infer<typeof body>

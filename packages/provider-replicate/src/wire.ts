/**
 * The response to a query of Replicate: the member that the verdict depends on. See
 * https://replicate.com/docs/reference/http. The others are read where they are, whatever their type.
 */
import * as z from "zod"

/** A prediction, or an error, which has its HTTP status as `status`. */
export const prediction = z.looseObject({ status: z.string().nullish().catch(null) })

/** A prediction, or an error. */
export type Prediction = z.infer<typeof prediction>

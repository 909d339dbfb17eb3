/**
 * The responses of Black Forest Labs: the members that the verdict depends on. See
 * https://docs.bfl.ai/api-reference/utility/get-result. The others are read where they are, whatever their type.
 */
import * as z from "zod"

/** The status of a task and its result, or an error. */
export const task = z.looseObject({ status: z.string().nullish() })

export type BflTask = z.infer<typeof task>

/**
 * The responses of the Jimeng official format: the members that the verdict depends on. See
 * https://docs.octopusx.ai/en/images/jimeng/official-query. It is the format of Volcengine's visual services. Relays also
 * return Volcengine's gateway errors, and tasks in the envelope of the new-api gateway. The other members are read where
 * they are, whatever their type.
 */
import * as z from "zod"

const task = z.looseObject({ status: z.string().nullish() })

/** The outer `status`, a number that repeats `code`, is not that of the task and is not read. */
export const response = z.looseObject({
  code: z.union([z.number(), z.string()]).nullish(),
  data: task.nullish().catch(null)
})

export type JimengTask = z.infer<typeof task>
export type JimengResponse = z.infer<typeof response>

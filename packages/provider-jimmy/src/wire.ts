/**
 * The responses of Jimmy AI: the members that the verdict depends on. See
 * https://docs.jimmyai.cn/en/api-reference/common/query. The others are read where they are, whatever their type.
 */
import * as z from "zod"

const task = z.looseObject({ status: z.string().nullish() })

/** A task in an envelope. Older editions of the documentation show the task alone. */
export const response = task.extend({
  code: z.union([z.string(), z.number()]).nullish(),
  data: task.nullish().catch(null)
})

export type JimmyTask = z.infer<typeof task>
export type JimmyResponse = z.infer<typeof response>

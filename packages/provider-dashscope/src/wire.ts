/**
 * The responses of DashScope: the members that the verdict depends on. See
 * https://www.alibabacloud.com/help/en/model-studio/manage-asynchronous-tasks. The others are read where they are,
 * whatever their type.
 */
import * as z from "zod"

/** A task, which is in `output`, or an error, which is not. */
export const response = z.looseObject({
  output: z.looseObject({ task_status: z.string().nullish() }).nullish()
})

export type DashscopeResponse = z.infer<typeof response>

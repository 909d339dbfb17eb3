/**
 * The responses of AI GPT Image: the members that the verdict depends on. See
 * https://aigptimage.com/docs/tasks/create-task and its sibling pages. kie.ai, the origin of the format, documents more:
 * https://docs.kie.ai/market/common/get-task-detail. The others are read where they are, whatever their type.
 */
import * as z from "zod"

const record = z.looseObject({
  state: z.string().nullish(),
  /** The state of kie.ai's Veo tasks, whose records have no `state`. */
  successFlag: z.union([z.number(), z.string()]).nullish().catch(null)
})

/** The record of a task, or how long to wait after too many requests. */
export const response = z.looseObject({
  code: z.union([z.number(), z.string()]).nullish(),
  data: record.nullish().catch(null)
})

export type AigptimageRecord = z.infer<typeof record>
export type AigptimageResponse = z.infer<typeof response>

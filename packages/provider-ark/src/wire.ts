/**
 * The responses of Ark: the members that the verdict depends on. See https://www.volcengine.com/docs/82379/1521309. The
 * others are read where they are, whatever their type.
 */
import * as z from "zod"

/** A task, which has no envelope, or an error. */
export const response = z.looseObject({
  id: z.string().nullish().catch(null),
  status: z.string().nullish()
})

export type ArkResponse = z.infer<typeof response>

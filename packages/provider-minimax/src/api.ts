import * as z from "zod"

/** The param of tasks of the second video API. Those of the first have none. */
export const secondApi = { api: "v2" } as const

/** The params of refs. */
export const params = z.strictObject({ api: z.literal(secondApi.api).optional() })

export type Params = z.infer<typeof params>

/** Whether a model belongs to the second video API, as `MiniMax-H3` and its variants do. */
export const isSecondApi = (model: string): boolean => /^MiniMax-H\d/i.test(model)

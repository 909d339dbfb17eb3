/**
 * The responses of fal: the members that the verdict depends on. See
 * https://docs.fal.ai/documentation/model-apis/inference/queue. The others are read where they are, whatever their type.
 */
import * as z from "zod"

/** A response that is an object. */
export const body = z.looseObject({})

/** The result of a request, which each model defines, or an error. */
export const result = z.unknown()

/** The status of a request. */
export const state = z.looseObject({
  status: z.string().nullish(),
  /** What went wrong, only if the request failed. */
  error: z
    .union([z.string(), z.looseObject({})])
    .nullish()
    .catch(null),
  error_type: z.string().nullish().catch(null)
})

export type FalState = z.infer<typeof state>

/** The response to a cancel: a word, or `success` in older documents. */
export const canceled = z.looseObject({
  status: z.string().nullish().catch(null),
  success: z.boolean().nullish().catch(null)
})

export type FalCanceled = z.infer<typeof canceled>

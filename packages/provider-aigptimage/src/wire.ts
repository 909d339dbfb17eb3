/**
 * The responses of AI GPT Image: the fields that are read. See https://aigptimage.com/docs/tasks/create-task and its
 * sibling pages. kie.ai, the origin of the format, documents more: https://docs.kie.ai/market/common/get-task-detail
 */
import { parseEmbeddedJson } from "@gentask/core/provider"
import * as z from "zod"

// A side field of another type must not make the state and the result unreadable.
const text = z.string().nullish().catch(null)
const code = z.union([z.number(), z.string()]).nullish()
const milliseconds = z.number().nullish().catch(null)
const urls = z.array(z.string()).nullish().catch(null)

/** JSON as text: undefined if absent, and null if it is not valid. */
const embedded = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(parseEmbeddedJson, schema.nullish().catch(null)).optional()

/** The record of a task, or how long to wait after too many requests. */
export const response = z.object({
  code,
  msg: text,
  // kie.ai's name of `msg`.
  message: text,
  data: z
    .object({
      state: z.string().nullish(),
      model: text,
      /** The submitted task. */
      param: embedded(z.object({ input: z.object({ prompt: text }).nullish().catch(null) })),
      /** The result. Besides `resultUrls`, the names that clients of kie.ai read. */
      resultJson: embedded(
        z.object({
          resultUrls: urls,
          response: z.object({ resultUrls: urls }).nullish().catch(null),
          images: urls,
          resultImageUrl: text,
          url: text,
          audioUrl: text
        })
      ),
      failCode: code.catch(null),
      failMsg: text,
      createTime: milliseconds,
      updateTime: milliseconds,
      completeTime: milliseconds,
      costTime: milliseconds,
      progress: z.unknown().optional(),
      /** In seconds. */
      retryAfter: z.number().nullish().catch(null)
    })
    .nullish()
})

export type AigptimageResponse = z.infer<typeof response>
export type AigptimageRecord = NonNullable<AigptimageResponse["data"]>

/**
 * The JSON of AI GPT Image, as far as it is needed: documented at https://aigptimage.com/docs/tasks/create-task and its
 * sibling pages. kie.ai, the origin of the format, documents more: https://docs.kie.ai/market/common/get-task-detail
 */
import { unpackJson } from "@gentask/core/provider"
import * as z from "zod"

// What is told beside the state and the result must not hide them when it comes in another shape.
const text = z.string().nullish().catch(null)
const code = z.union([z.number(), z.string()]).nullish()
const milliseconds = z.number().nullish().catch(null)
const links = z.array(z.string()).nullish().catch(null)

/** JSON in a text: undefined where there is none, null where it cannot be read. */
const packed = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(unpackJson, schema.nullish().catch(null)).optional()

/** An answer: a record of a task, or, at a rate limit, how long to wait. */
export const response = z.object({
  code,
  msg: text,
  // kie.ai's name for it.
  message: text,
  data: z
    .object({
      state: z.string().nullish(),
      model: text,
      /** The task as it was submitted. */
      param: packed(z.object({ input: z.object({ prompt: text }).nullish().catch(null) })),
      /** What the task made. Beside `resultUrls`, the names that clients of kie.ai read. */
      resultJson: packed(
        z.object({
          resultUrls: links,
          response: z.object({ resultUrls: links }).nullish().catch(null),
          images: links,
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

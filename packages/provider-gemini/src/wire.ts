import * as z from "zod"

/** Videos that were made, and how many were filtered. */
const generateVideoResponse = z.object({
  generatedSamples: z
    .array(
      z
        .object({
          video: z
            .object({
              uri: z.string().nullish().catch(null),
              encodedVideo: z.string().nullish().catch(null),
              encoding: z.string().nullish().catch(null)
            })
            .nullish()
            .catch(null)
        })
        .nullish()
        .catch(null)
    )
    .nullish()
    .catch(null),
  raiMediaFilteredCount: z.number().nullish().catch(null),
  raiMediaFilteredReasons: z.array(z.string()).nullish().catch(null)
})

/** A long-running operation. HTTP errors have only `error`. */
export const operation = z.object({
  name: z.string().nullish().catch(null),
  done: z.boolean().nullish(),
  error: z.unknown().optional(),
  response: z
    .looseObject({ generateVideoResponse: generateVideoResponse.nullish().catch(null) })
    .nullish()
    .catch(null)
})

export type Operation = z.infer<typeof operation>

/** The fields that several models share. */
import { isInputFile, isMediaInput, mediaJsonSchema } from "@gentask/core/provider"
import type { MediaInput } from "@gentask/core/provider"
import * as z from "zod"

/** A media input. Its JSON Schema is that of a URL with the media type, which marks it as one. */
const media =
  (kind: "image" | "video" | "audio") =>
  (maxMegabytes?: number): z.ZodType<MediaInput, MediaInput> =>
    z
      .any()
      .refine(isMediaInput, "must be a URL or a file")
      .refine(
        (value) =>
          maxMegabytes === undefined || !isInputFile(value) || value.size <= maxMegabytes * 1024 * 1024,
        `must not be larger than ${maxMegabytes} MB`
      )
      .meta({ ...mediaJsonSchema(kind) })

export const image = media("image")
export const video = media("video")
export const audio = media("audio")

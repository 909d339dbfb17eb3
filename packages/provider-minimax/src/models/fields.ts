/** The fields that several models share. */
import { embedFile, isEmbeddedFile, isInputFile, isMediaInput, mediaJsonSchema } from "@gentask/core/provider"
import type { EmbeddedFile, MediaInput } from "@gentask/core/provider"
import * as z from "zod"

const isSmall = (maxMegabytes: number) => (value: unknown) => {
  const file = isEmbeddedFile(value) ? value.file : value
  return !isInputFile(file) || file.size <= maxMegabytes * 1024 * 1024
}

const tooLarge = (maxMegabytes: number): string => `must not be larger than ${maxMegabytes} MB`

/** Media of the second API: a URL, or a file that core uploads. */
const media =
  (kind: "image" | "video" | "audio") =>
  (maxMegabytes: number): z.ZodType<MediaInput, MediaInput> =>
    z
      .any()
      .refine(isMediaInput, "must be a URL or a file")
      .refine(isSmall(maxMegabytes), tooLarge(maxMegabytes))
      .meta({ ...mediaJsonSchema(kind) })

export const image = media("image")
export const video = media("video")
export const audio = media("audio")

/** An image of the first API, as a URL or as a file, which is embedded as a data URL. */
export const embeddedImage = (): z.ZodType<MediaInput | EmbeddedFile, MediaInput> =>
  z
    .any()
    .refine((value) => isEmbeddedFile(value) || isMediaInput(value), "must be a URL or a file")
    .refine(isSmall(20), tooLarge(20))
    .transform((value) => (isInputFile(value) ? embedFile(value, "data-url") : value))
    .meta({ ...mediaJsonSchema("image") })

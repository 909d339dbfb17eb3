/** The fields that several models share, and what a model of the table is. */
import { isInputFile, isMediaInput, lazySchema } from "@gentask/core/provider"
import type { InputNames, MediaInput } from "@gentask/core/provider"
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
      .meta({ type: "string", format: "uri", contentMediaType: `${kind}/*` })

export const image = media("image")
export const video = media("video")
export const audio = media("audio")

/**
 * Creates a model of the table. The schema is created on first use, since all schemas together would make the import slow.
 *
 * @param mediaKind The kind of media that it creates.
 * @param docs The page about it.
 * @param names The vendor's names of the common inputs.
 * @param input Creates the schema of its input.
 */
export const model = <const Names extends InputNames, Schema extends z.ZodType>(
  mediaKind: "image" | "video" | "audio",
  docs: string,
  names: Names,
  input: () => Schema
) => ({
  mediaKind,
  docs,
  names: names as InputNames,
  supportedInputs: Object.keys(names) as unknown as ReadonlyArray<keyof Names>,
  input: lazySchema(input)
})

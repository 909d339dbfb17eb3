/** The fields that several models share, and what a model of the table is. */
import { isMediaInput, lazySchema } from "@gentask/core/provider"
import type { InputNames, MediaInput } from "@gentask/core/provider"
import * as z from "zod"

/** A media input. Its JSON Schema is that of a URL with the media type, which marks it as one. */
export const media = (kind: "image" | "video"): z.ZodType<MediaInput, MediaInput> =>
  z
    .any()
    .refine(isMediaInput, "must be a URL")
    .meta({ type: "string", format: "uri", contentMediaType: `${kind}/*` })

const image = media("image")
export const images = (max?: number) =>
  (max === undefined ? z.array(image) : z.array(image).max(max)).optional()
export const prompt = z.string().min(1)
export const flag = z.boolean().optional()

/**
 * Creates a model of the table. The schema is created on first use, since all schemas together would make the import slow.
 *
 * @param names The vendor's names of the common inputs.
 * @param input Creates the schema of its input.
 */
export const model = <const Names extends InputNames, Schema extends z.ZodType>(
  names: Names,
  input: () => Schema
) => ({
  mediaKind: "video" as const,
  names: names as InputNames,
  supportedInputs: Object.keys(names) as unknown as ReadonlyArray<keyof Names>,
  input: lazySchema(input)
})

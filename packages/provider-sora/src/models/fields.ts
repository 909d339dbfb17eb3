/** The fields that several models share. */
import { isMediaInput, mediaJsonSchema } from "@gentask/core/provider"
import type { MediaInput } from "@gentask/core/provider"
import * as z from "zod"

/** A media input. Its JSON Schema is that of a URL with the media type, which marks it as one. */
export const media = (kind: "image" | "video"): z.ZodType<MediaInput, MediaInput> =>
  z
    .any()
    .refine(isMediaInput, "must be a URL")
    .meta({ ...mediaJsonSchema(kind) })

const image = () => media("image")
export const images = (max?: number) =>
  (max === undefined ? z.array(image()) : z.array(image()).max(max)).optional()
export const prompt = () => z.string().min(1)
export const flag = () => z.boolean().optional()

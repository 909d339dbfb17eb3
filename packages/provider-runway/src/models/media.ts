import { isMediaInput, mediaJsonSchema } from "@gentask/core/provider"
import type { MediaInput, OutputKind } from "@gentask/core/provider"
import * as z from "zod"

/** A media input. Its JSON Schema is that of a URL with the media type, which marks it as one. */
export const media = (kind: OutputKind): z.ZodType<MediaInput, MediaInput> =>
  z
    .any()
    .refine(isMediaInput, "must be a URL or a file")
    .meta({ ...mediaJsonSchema(kind) })

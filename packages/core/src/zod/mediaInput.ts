import * as z from "zod"
import { isInputFile, isMediaInput } from "../provider/InputFile.ts"
import type { MediaInput } from "../provider/InputFile.ts"
import { mediaJsonSchema } from "../provider/mediaJsonSchema.ts"
import type { OutputKind } from "../task/Output.ts"

/**
 * Returns the schema of a media input in a model's input. Its JSON Schema is that of a URL with a media type, by which the
 * command line recognizes the fields that files can be given for.
 *
 * ```ts
 * const input = z.strictObject({
 *   prompt: z.string(),
 *   first_frame: mediaInput("image", { maxMegabytes: 10 }).optional()
 * })
 * ```
 *
 * @param kind The kind of media.
 * @param options The maximum size of a file, in MiB. @default no maximum
 */
export const mediaInput = (
  kind: OutputKind,
  { maxMegabytes = Number.POSITIVE_INFINITY }: { readonly maxMegabytes?: number | undefined } = {}
): z.ZodType<MediaInput, MediaInput> =>
  z
    .any()
    .refine(isMediaInput, "must be a URL or a file")
    .refine(
      (value) => !isInputFile(value) || value.size <= maxMegabytes * 1024 * 1024,
      `must not be larger than ${maxMegabytes} MB`
    )
    .meta({ ...mediaJsonSchema(kind) })

import type { OutputKind } from "../task/Output.ts"

/** The JSON Schema of a media input. */
export interface MediaJsonSchema {
  /** A media input is written as text. */
  readonly type: "string"
  /** The text is a URL. */
  readonly format: "uri"
  /** Such as `image/*`. */
  readonly contentMediaType: string
}

/**
 * Returns the JSON Schema of a media input: a URI with a media type. The command line recognizes the fields that files can
 * be given for by it.
 *
 * ```ts
 * const image: z.ZodType<MediaInput, MediaInput> = z
 *   .any()
 *   .refine(isMediaInput, "must be a URL or a file")
 *   .meta({ ...mediaJsonSchema("image") })
 * ```
 *
 * `mediaInput` of `@gentask/core/zod` is such a schema.
 *
 * @param kind The kind of media.
 */
export const mediaJsonSchema = (kind: OutputKind): MediaJsonSchema => ({
  type: "string",
  format: "uri",
  contentMediaType: `${kind}/*`
})

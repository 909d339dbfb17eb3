/**
 * A file that the user gave as an input. Providers see its name, type and size, never its bytes. Core sends the bytes
 * where a request contains the file.
 */
export interface InputFile {
  /** Always `InputFile`. */
  readonly _tag: "InputFile"
  /** Identifies the file within one submit. */
  readonly id: string
  /** The file's name, without folders. */
  readonly name: string
  /** The media type, such as `image/png`, detected from the bytes where possible. */
  readonly mediaType: string
  /** The size, in bytes. */
  readonly size: number
}

/** A media input: the URL of a file on the internet, or a file that core has the bytes of. */
export type MediaInput = string | InputFile

/** A file inside a JSON body. Core replaces it with the file's base64 before it signs the request. */
export interface EmbeddedFile {
  /** Always `EmbeddedFile`. */
  readonly _tag: "EmbeddedFile"
  /** The file. */
  readonly file: InputFile
  /** Plain base64, or a `data:` URL with the media type. */
  readonly as: "base64" | "data-url"
}

const hasTag = (value: unknown, tag: string): boolean =>
  typeof value === "object" && value !== null && (value as { readonly _tag?: unknown })._tag === tag

/**
 * Checks whether a media input is a file, and not a URL.
 *
 * ```ts
 * const image = z.union([z.url(), z.custom<InputFile>(isInputFile)])
 * ```
 *
 * @param value Any value.
 */
export const isInputFile = (value: unknown): value is InputFile => hasTag(value, "InputFile")

/**
 * Checks whether a value is a media input: a text that is not blank, or a file.
 *
 * ```ts
 * const image: z.ZodType<MediaInput, MediaInput> = z.any().refine(isMediaInput, "must be a URL or a file")
 * ```
 *
 * @param value Any value.
 */
export const isMediaInput = (value: unknown): value is MediaInput =>
  isInputFile(value) || (typeof value === "string" && value.trim() !== "")

/** Checks whether a value is a file inside a JSON body. */
export const isEmbeddedFile = (value: unknown): value is EmbeddedFile => hasTag(value, "EmbeddedFile")

/**
 * Places a file into a JSON body.
 *
 * ```ts
 * body: { binary_data_base64: files.map((file) => embedFile(file)) }
 * ```
 *
 * @param file The file.
 * @param as How it is written. @default "base64"
 */
export const embedFile = (file: InputFile, as: EmbeddedFile["as"] = "base64"): EmbeddedFile => ({
  _tag: "EmbeddedFile",
  file,
  as
})

/** The kind of media of an output. A `model` is a 3D model. */
export type OutputKind = "image" | "video" | "animation" | "audio" | "model"

/** What an output is for: the requested result, or a file that the vendor added to it. */
export type OutputRole = "result" | "thumbnail" | "preview" | "watermarked"

/** Media that the vendor put into its response instead of a link. */
export interface InlineMedia {
  /**
   * The media in base64, without a `data:` prefix. Empty if the snapshot was decoded from JSON that contains only the
   * size, such as a line of `--json`.
   */
  readonly base64: string
  /** The decoded size, in bytes. */
  readonly bytes: number
}

/** One media file of a task. Exactly one of `url` and `inline` is not null. */
export interface Output {
  /** The kind of media. */
  readonly kind: OutputKind
  /** What the output is for. */
  readonly role: OutputRole
  /** The absolute http or https URL of the file. */
  readonly url: string | null
  /** The file itself, if the vendor sent no link. */
  readonly inline: InlineMedia | null
  /** The media type that the vendor reports, such as `image/png`. Saving detects the type from the bytes instead. */
  readonly mediaType: string | null
  /** In pixels. */
  readonly width: number | null
  /** In pixels. */
  readonly height: number | null
  /** When the link expires: read from a signed link, or else derived from the vendor's documented lifetime. */
  readonly expiresAt: Date | null
  /** Whether the link needs the account's credentials, which saving sends to the account's own host. @default false */
  readonly isPrivate?: boolean | undefined
}

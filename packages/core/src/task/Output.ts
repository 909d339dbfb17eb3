/** The media files that a task made. */

/** What an output is to look at or to hear. */
export type OutputKind = "image" | "video" | "animation" | "audio"

/** What an output is for: the thing that was asked for, or something made beside it. */
export type OutputRole = "result" | "thumbnail" | "preview" | "watermarked"

/** Media that the vendor put into its answer instead of giving a link. */
export interface InlineMedia {
  /** The media in base64, as the vendor sent it, without a `data:` prefix. */
  readonly base64: string
  /** How many bytes it decodes to. */
  readonly bytes: number
}

/** One media file of a task. Exactly one of `url` and `inline` is not null. */
export interface Output {
  readonly kind: OutputKind
  readonly role: OutputRole
  /** An absolute http(s) URL. */
  readonly url: string | null
  readonly inline: InlineMedia | null
  /** The media type that the vendor names, such as `image/png`. Saving looks at the bytes instead. */
  readonly mediaType: string | null
  /** In pixels. */
  readonly width: number | null
  /** In pixels. */
  readonly height: number | null
  /** When the link dies: read from the signed link, else derived from the vendor's documented lifetime. */
  readonly expiresAt: Date | null
}

/** A detected media type. */
export interface DetectedMedia {
  /** Such as `image/png`. */
  readonly mediaType: string
  /** The usual file name extension, without a dot. */
  readonly extension: string
}

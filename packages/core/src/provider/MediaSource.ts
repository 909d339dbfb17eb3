/** A file on this machine. */
export interface PathSource {
  /** The path of the file. */
  readonly path: string
}

/** A file that is read once, from a stream. */
export interface StreamSource {
  /** The bytes. */
  readonly stream: AsyncIterable<Uint8Array>
  /** The number of bytes. Reading fails if the stream has more or less. */
  readonly size: number
  /** The file's name. @default "file" */
  readonly name?: string | undefined
}

/**
 * A media input as a user gives it: a URL, a path, bytes or a stream. Text is a URL, or the vendor's id of an asset, and
 * never a path. A `data:` URL is the file that it contains.
 */
export type MediaSource = string | URL | PathSource | Blob | Uint8Array | StreamSource

/** A saved output. */
import type { Output } from "../task/Output.ts"

/** A saved output: a complete, verified file. */
export interface SavedFile {
  /** Absolute path of the file, or its address at the target, such as `s3://bucket/file.mp4`. */
  readonly path: string
  /** Public URL of the file. Only if the target has one. */
  readonly url?: string
  /** Size in bytes. */
  readonly bytes: number
  /** SHA-256 digest in hexadecimal. */
  readonly sha256: string
  /** Media type detected from the content, such as `image/png`. */
  readonly mediaType: string
  /** The output of the task that the file contains. */
  readonly output: Output
  /** Whether an earlier call had saved the file, so that nothing was downloaded. */
  readonly alreadySaved: boolean
}

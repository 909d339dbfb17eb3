/** A file that holds an output, whole. */
import type { Output } from "../task/Output.ts"

/** A saved file. */
export interface SavedFile {
  readonly path: string
  readonly bytes: number
  /** In hexadecimal. */
  readonly sha256: string
  /** Recognised from the bytes. */
  readonly mediaType: string
  readonly output: Output
  /** True when an earlier run had saved it, and nothing was fetched. */
  readonly alreadySaved: boolean
}

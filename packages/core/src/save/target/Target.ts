/** The port that stores finished files: the file system, or an object store. */
import type * as Effect from "effect/Effect"
import type { OutputRole } from "../../task/Output.ts"
import type { SaveFailure } from "../SaveFailure.ts"
import type { Manifest } from "./Manifest.ts"

/** A stored output. */
export interface StoredFile {
  /** The path of a file, or the URL of an object. */
  readonly location: string
  readonly bytes: number
  /** SHA-256 digest in hexadecimal. */
  readonly sha256: string
  readonly mediaType: string
}

/** What is stored under an output's name. */
export type FindResult =
  /** The output, complete. */
  | { readonly _tag: "Saved"; readonly file: StoredFile }
  /** An incomplete copy of the output, which may be replaced. */
  | { readonly _tag: "Broken" }
  | { readonly _tag: "Nothing" }
  /** Something that is not this output. */
  | { readonly _tag: "Foreign"; readonly location: string }

/** A complete, verified file on the local disk. */
export interface FinishedFile {
  readonly path: string
  /** File name extension for its media type, without a dot. */
  readonly extension: string
}

/** How to store a file. */
export interface PutOptions {
  /** Describes the file, with its digest, size and media type. Stored beside it as `<file name>.json`. */
  readonly manifest: Manifest
  /** Whether to replace what is stored under the same file name. */
  readonly overwrite: boolean
}

/**
 * Stores finished files. The caller locks each name, downloads to a local part file and verifies it, so a target only
 * transfers complete files.
 *
 * A `name` is the stem of an output's file name; the file is stored as `<name>.<extension>`.
 */
export interface Target {
  /**
   * Finds what is stored under a name with any extension. An output counts as saved if its size and digest match its
   * manifest.
   *
   * @param role The role of the output, which its manifest must have.
   */
  readonly find: (name: string, role: OutputRole) => Effect.Effect<FindResult, SaveFailure>
  /**
   * Stores a file and its manifest, and returns its location. Fails with `FileExists` instead of replacing something,
   * unless `overwrite` is set.
   *
   * The target owns the local file: after a success it no longer exists. After a failure it is unchanged, so that a
   * later call can store it without another download. The effect runs in an uninterruptible region; a target that
   * takes long makes its own steps interruptible.
   */
  readonly put: (file: FinishedFile, name: string, options: PutOptions) => Effect.Effect<string, SaveFailure>
  /** Removes what a failed or interrupted `put` has left, such as a temporary file or an unfinished upload. Never fails. */
  readonly abort: (name: string) => Effect.Effect<void>
}

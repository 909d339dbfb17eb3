/** The port that stores finished files: the file system, or an object store. */
import type * as Effect from "effect/Effect"
import type { LockLost, SaveLock } from "../lock/SaveLock.ts"
import type { SaveFailure } from "../SaveFailure.ts"
import type { Manifest, ManifestEntry } from "./Manifest.ts"

/** A file that is stored under one of the names of a task's outputs, or a manifest whose file is missing. */
export interface StoredEntry {
  /** The stem of the file's name. */
  readonly name: string
  /** The path of a file, or the URL of an object. */
  readonly location: string
  /** The public URL of an object; undefined if it is absent. */
  readonly url: string | undefined
  /** Whether there is a file, and not only a manifest. */
  readonly hasFile: boolean
  /** Undefined if it is missing or invalid: then the file may be anything. */
  readonly manifest: ManifestEntry | undefined
}

/** What a stored file is, compared with its manifest. */
export type StoredState =
  /** The output, complete. */
  | "Complete"
  /** An incomplete copy of the output, which may be replaced. */
  | "Broken"
  /** Something that is not this output, for example because the user has changed the file. */
  | "Foreign"
  /** There is only a manifest. */
  | "Absent"

/** A complete, verified file on the local disk. */
export interface FinishedFile {
  readonly path: string
  /** File name extension for its media type, without a dot. */
  readonly extension: string
}

/** Where a file is stored. */
export type StoredFile = Pick<StoredEntry, "location" | "url">

/** How to store a file. */
export interface PutOptions {
  /** Describes the file, with its digest, size and media type. Stored beside it as `<file name>.json`. */
  readonly manifest: Manifest
  /** Whether to replace a foreign file with the same name. */
  readonly overwrite: boolean
  /** The lock of the output. */
  readonly lock: SaveLock
  /** Called after a failed attempt that is followed by another. */
  readonly onRetry?: ((reason: string) => void) | undefined
}

/**
 * Stores finished files. The caller locks the names, downloads to a local part file and verifies it, so a target only
 * transfers complete files.
 *
 * A name is the stem of an output's file name; the file is stored as `<name>.<extension>`.
 */
export interface Target {
  /** Whether storing a file takes long, so that the finished part file is kept until then. */
  readonly isRemote: boolean
  /**
   * Lists what is stored as outputs with the same role of a task, with any extension.
   *
   * @param stem The stem that their names have in common, as `numberedStem` returns them.
   * @param localNames The names of the files in the local folder, for a target that stores there.
   */
  readonly list: (
    stem: string,
    localNames: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<StoredEntry>, SaveFailure>
  /** Compares a stored file with size and digest in its manifest. */
  readonly check: (entry: StoredEntry) => Effect.Effect<StoredState, SaveFailure>
  /**
   * Stores a file and its manifest, and returns where it is. Fails with `FileExists` if a foreign file has the name,
   * unless `overwrite` is set. Fails with `LockLost` if the lock was lost, or if another process has stored a complete
   * output under the name: that is never replaced.
   *
   * The target owns the local file: after a success it no longer exists. After a failure it is unchanged, so that a
   * later call can store it without another download, and no complete file is stored: a remote target may keep what
   * the later call resumes. The effect runs in an uninterruptible region; a remote target makes its own steps
   * interruptible.
   */
  readonly put: (
    file: FinishedFile,
    name: string,
    options: PutOptions
  ) => Effect.Effect<StoredFile, SaveFailure | LockLost>
}

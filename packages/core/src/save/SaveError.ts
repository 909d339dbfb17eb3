/** Why an output could not be saved. Nothing half is left under a final name. */
import * as Data from "effect/Data"
import type { SavedFile } from "./SavedFile.ts"

/** What went wrong. */
export type SaveProblem =
  /** The task has not succeeded, so there is nothing to save yet. */
  | "NotSucceeded"
  /** The task succeeded and its answer holds no usable output. */
  | "NoOutput"
  /** The link leads where a vendor's link may not: to a private address, or to no web address. */
  | "UnsafeLink"
  /** The link died, and the provider gave no living one. */
  | "LinkExpired"
  /** The vendor's file server refused, or could not be reached, again and again. */
  | "DownloadFailed"
  /** What came is no media: a web page, an error text. */
  | "NotMedia"
  /** What came is empty. */
  | "Empty"
  /** Larger than the limit. */
  | "TooLarge"
  /** Not done within the time limit. */
  | "TimedOut"
  /** A file of that name, which is not this output, stands there already. */
  | "FileExists"
  /** The folder cannot be made or written to. */
  | "NotWritable"
  /** The disk is full. */
  | "DiskFull"

/** Why an output could not be saved: `message` says what, why and what to do. */
export class SaveError extends Data.TaggedError("SaveError")<{
  readonly ref: string
  readonly problem: SaveProblem
  readonly message: string
  /** The task's other outputs, which were saved all the same. */
  readonly saved: ReadonlyArray<SavedFile>
}> {
  static make(ref: string, problem: SaveProblem, sentence: string): SaveError {
    return new SaveError({ ref, problem, message: `${ref}: ${sentence}`, saved: [] })
  }

  /** The same error, of a task whose other outputs were saved. */
  beside(saved: ReadonlyArray<SavedFile>): SaveError {
    return new SaveError({ ref: this.ref, problem: this.problem, message: this.message, saved })
  }

  /** The error of a file system call, told by what the person can do. */
  static fromDisk(ref: string, path: string, error: unknown): SaveError {
    const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : ""
    return code === "ENOSPC" || code === "EDQUOT"
      ? SaveError.make(
          ref,
          "DiskFull",
          `the disk is full at ${path}. Free some room and run the same again; what came so far is kept.`
        )
      : SaveError.make(
          ref,
          "NotWritable",
          `cannot write to ${path}${code === "" ? "" : ` (${code})`}. Choose a folder that you may write to.`
        )
  }
}

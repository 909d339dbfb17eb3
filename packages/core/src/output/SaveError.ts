/** Why an output could not be saved. Nothing half is left under a final name. */
import * as Data from "effect/Data"

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
}> {}

/** The error that saving fails with. */
import * as Duration from "effect/Duration"
import { GentaskError } from "../task/GentaskError.ts"
import type { OutputKind, OutputRole } from "../task/Output.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { TaskStatus } from "../task/TaskStatus.ts"
import type { SavedFile } from "./SavedFile.ts"

/** Why an output could not be saved. Every `url` is without its query, which may contain a signature. */
export type SaveErrorReason =
  /** The task has not succeeded. */
  | { readonly _tag: "NotSucceeded"; readonly status: TaskStatus }
  /** The task succeeded but has no output of the requested roles. `roles` is undefined if it has no output at all. */
  | { readonly _tag: "NoOutput"; readonly roles: ReadonlyArray<OutputRole> | undefined }
  /** The link is not an HTTP URL, contains credentials, or leads to a private address. */
  | { readonly _tag: "UnsafeLink"; readonly url: string; readonly detail: string }
  /** The link has expired, and the provider returned no working one. */
  | { readonly _tag: "LinkExpired"; readonly url: string; readonly httpStatus: number }
  /** The file server requires credentials (HTTP 401 or 403), and is not the account's own, which alone receives them. */
  | { readonly _tag: "LinkForbidden"; readonly url: string; readonly httpStatus: number }
  /** The file server rejected the request, or every attempt failed. */
  | {
      readonly _tag: "DownloadFailed"
      readonly url: string
      readonly detail: string
      /** The status of the last response, if the attempt failed because of it. */
      readonly httpStatus: number | undefined
      /** Whether saving again may succeed. */
      readonly isRetryable: boolean
    }
  /** The content is not media, for example an HTML page. `url` is undefined for inline media. */
  | { readonly _tag: "NotMedia"; readonly url: string | undefined; readonly kind: OutputKind }
  /** The file server compressed the file in a way that cannot be decoded, although no encoding was accepted. */
  | { readonly _tag: "UnsupportedEncoding"; readonly url: string; readonly encoding: string }
  /** The inline media of the vendor's response is truncated. */
  | { readonly _tag: "Truncated"; readonly kind: OutputKind }
  /** The snapshot lacks the bytes of its inline media, for example after it was stored as JSON. */
  | { readonly _tag: "MissingInlineMedia"; readonly kind: OutputKind }
  /** The file server returned an empty file. */
  | { readonly _tag: "Empty"; readonly url: string }
  /** The file is larger than `maxBytes`. `bytes` is undefined if the server did not report its size. */
  | {
      readonly _tag: "TooLarge"
      readonly url: string
      readonly bytes: number | undefined
      readonly maxBytes: number
    }
  /** The output was not saved within `timeout`. */
  | { readonly _tag: "TimedOut"; readonly timeoutMs: number }
  /** A file with the output's name exists and is not this output. */
  | { readonly _tag: "FileExists"; readonly path: string }
  /** The target rejected the file, or every attempt to store it failed. `target` is its address. */
  | {
      readonly _tag: "TargetFailed"
      readonly target: string
      readonly detail: string
      /** The status of the last response, if the attempt failed because of it. */
      readonly httpStatus: number | undefined
      /** Whether saving again may succeed. */
      readonly isRetryable: boolean
    }
  /** The directory cannot be created, or a file in it cannot be written. */
  | { readonly _tag: "NotWritable"; readonly path: string; readonly code: string }
  /** The disk is full. */
  | { readonly _tag: "DiskFull"; readonly path: string }
  /** An unexpected exception, such as one of a custom transport. The error's `cause` contains it. */
  | { readonly _tag: "Unexpected"; readonly detail: string }

const describe = (reason: SaveErrorReason): string => {
  switch (reason._tag) {
    case "NotSucceeded":
      return isTerminal(reason.status)
        ? `the task ended with status ${reason.status}, so there is nothing to save. Submit a new task.`
        : `the task is ${reason.status}, so there is nothing to save yet. Wait until it has succeeded.`
    case "NoOutput":
      return reason.roles === undefined
        ? "the task succeeded, but the vendor's response contains no usable output. Query it with the raw option to see the response."
        : `the task has no output with the requested roles (${reason.roles.join(", ")}). Choose other roles.`
    case "UnsafeLink":
      return `refused to open ${reason.url}: ${reason.detail}. Report the link to the vendor.`
    case "LinkExpired":
      return `the link ${reason.url} has expired (HTTP ${reason.httpStatus}), and the provider returned no working one. Save again later, or get the file from the vendor's site.`
    case "LinkForbidden":
      return `the link ${reason.url} requires credentials (HTTP ${reason.httpStatus}), which are sent only to the account's own host. Get the file from the vendor's site, or contact the vendor.`
    case "DownloadFailed":
      return reason.isRetryable
        ? `could not download ${reason.url}: ${reason.detail}. Save again to resume the download.`
        : `could not download ${reason.url}: ${reason.detail}. Get the file from the vendor's site, or contact the vendor.`
    case "NotMedia":
      return reason.url === undefined
        ? `expected ${reason.kind} data, but the inline media of the response is text or an unknown format. Contact the vendor.`
        : `expected ${reason.kind} data, but ${reason.url} returned text or an unknown format. Save again, or contact the vendor.`
    case "UnsupportedEncoding":
      return `${reason.url} returned data with the content encoding ${JSON.stringify(reason.encoding.slice(0, 40))}, which is not supported. Contact the vendor.`
    case "Truncated":
      return `the inline ${reason.kind} of the response is truncated. Query the task again, or contact the vendor.`
    case "MissingInlineMedia":
      return `the snapshot does not contain the bytes of its inline ${reason.kind}, and the provider did not return them again. Query the task, and save that snapshot.`
    case "Empty":
      return `${reason.url} returned an empty file. Save again, or contact the vendor.`
    case "TooLarge":
      return reason.bytes === undefined
        ? `${reason.url} is larger than the limit of ${reason.maxBytes} bytes. Raise maxBytes to save it.`
        : `${reason.url} has ${reason.bytes} bytes, which exceeds the limit of ${reason.maxBytes} bytes. Raise maxBytes to save it.`
    case "TimedOut":
      return `saving took longer than ${Duration.format(Duration.millis(reason.timeoutMs))}. Save again to resume, or raise the timeout.`
    case "FileExists":
      return `${reason.path} already exists and is not this output. Move it, choose another folder, or set overwrite.`
    case "TargetFailed":
      return reason.isRetryable
        ? `could not store the file at ${reason.target}: ${reason.detail}. Save again to resume.`
        : `could not store the file at ${reason.target}: ${reason.detail}.`
    case "NotWritable":
      return `cannot write to ${reason.path} (${reason.code}). Choose a folder that you may write to.`
    case "DiskFull":
      return `the disk is full at ${reason.path}. Free some space, and save again to resume.`
    default:
      return `an unexpected error occurred while saving: ${reason.detail}. This is a bug in gentask or in a custom transport: please report it.`
  }
}

const canRetry = (reason: SaveErrorReason): boolean => {
  switch (reason._tag) {
    case "NotSucceeded":
      return !isTerminal(reason.status)
    case "DownloadFailed":
    case "TargetFailed":
      return reason.isRetryable
    case "NotMedia":
      return reason.url !== undefined
    case "LinkExpired":
    case "MissingInlineMedia":
    case "Empty":
    case "TimedOut":
      return true
    default:
      return false
  }
}

/**
 * Why an output could not be saved. No incomplete file is left under a final name.
 *
 * ```ts
 * try {
 *   await gentask.save(task, { dir: "out" })
 * } catch (error) {
 *   if (error instanceof SaveError && error.reason._tag === "FileExists") console.error(error.reason.path)
 * }
 * ```
 */
export class SaveError extends GentaskError {
  /** The kind of error. */
  readonly _tag = "SaveError"
  /** Equal to `_tag`. */
  override readonly name = "SaveError"
  /** Whether the same call may succeed later without any change. */
  readonly isRetryable: boolean
  /** The task's ref. */
  readonly ref: string
  /** What went wrong. */
  readonly reason: SaveErrorReason
  /** The outputs of the same task that were saved nevertheless. */
  readonly saved: ReadonlyArray<SavedFile>

  constructor(fields: {
    readonly ref: string
    readonly reason: SaveErrorReason
    readonly saved?: ReadonlyArray<SavedFile>
    readonly cause?: unknown
  }) {
    const { ref, reason, saved = [], cause } = fields
    super(`${ref}: ${describe(reason)}`, cause === undefined ? undefined : { cause })
    this.ref = ref
    this.reason = reason
    this.saved = saved
    this.isRetryable = canRetry(reason)
  }
}

/** The members of `--json` that the command line and other surfaces share. */
import type { ConfigurationError, ConfigurationErrorReason } from "../account/ConfigurationError.ts"
import type { ClientClosed } from "../exchange/ClientClosed.ts"
import type { ProviderError } from "../exchange/ProviderError.ts"
import type { SaveError } from "../save/SaveError.ts"
import type { SavedFile } from "../save/SavedFile.ts"
import type {
  LedgerFailed,
  SubmitOutcomeUnknown,
  SubmitRejected,
  UploadFailed
} from "../submit/SubmitError.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import { oneLine } from "../task/oneLine.ts"
import type { StillRunning, TaskFailed } from "./WaitError.ts"

/** Every expected error about one task. */
export type TaskError =
  | ClientClosed
  | ConfigurationError
  | InvalidTaskRef
  | ProviderError
  | SaveError
  | StillRunning
  | TaskFailed

/** Every expected error of a submit. */
export type RecordedSubmitError =
  | ConfigurationError
  | LedgerFailed
  | SubmitOutcomeUnknown
  | SubmitRejected
  | UploadFailed

/** An error that records describe. */
export type RecordedError = TaskError | RecordedSubmitError

/** The values of `problem` that differ from the tags of core. They must not change. */
const problemNames: Readonly<Partial<Record<ConfigurationErrorReason["_tag"], string>>> = {
  InvalidParams: "InvalidHints",
  InvalidAccountName: "UnknownAccount"
}

/** The machine-readable reason of an error. The names and values are part of the `--json` format. */
const reasonOf = (error: RecordedError): { readonly reason?: string; readonly problem?: string } => {
  switch (error._tag) {
    case "ProviderError":
    case "SubmitRejected":
    case "UploadFailed":
      return { reason: error.reason._tag }
    case "TaskFailed":
      return { reason: error.snapshot.failure?.reason ?? "unknown" }
    case "ConfigurationError":
      return { problem: problemNames[error.reason._tag] ?? error.reason._tag }
    case "SubmitOutcomeUnknown":
      return { reason: error.lastError._tag }
    case "SaveError":
      return { problem: error.reason._tag }
    default:
      return {}
  }
}

/** Returns the message of an error without the ref at its start. */
export const messageWithoutRef = ({ ref, message }: ProviderError): string =>
  message.startsWith(`${ref}: `) ? message.slice(ref.length + 2) : message

const detailsOf = (error: RecordedError): object => {
  if (error._tag === "ProviderError" && error.raw !== undefined) return { raw: error.raw }
  if (error._tag === "ConfigurationError" && error.reason._tag === "InvalidInput")
    return { problems: error.reason.problems }
  if (error._tag !== "StillRunning" || error.lastError === null) return {}
  const { lastError } = error
  return { lastError: { reason: lastError.reason._tag, message: oneLine(messageWithoutRef(lastError)) } }
}

/** Converts an error to the `error` object of `--json`. */
export const errorToJson = (error: RecordedError): object => ({
  type: error._tag,
  ...reasonOf(error),
  message: oneLine(error.message),
  ...detailsOf(error)
})

/** Converts a saved file to a member of `files` of `--json`. */
export const fileToJson = ({
  path,
  bytes,
  sha256,
  mediaType,
  output
}: SavedFile): Readonly<Record<string, unknown>> => ({ path, bytes, sha256, mediaType, role: output.role })

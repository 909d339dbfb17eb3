import type { ConfigurationErrorReason, ProviderError, SavedFile } from "@gentask/core"
import type { SubmitError, TaskError } from "../process/exitStatus.ts"
import { oneLine } from "./sanitize.ts"

/** The values of `problem` that differ from the tags of core. They must not change. */
const problemNames: Readonly<Partial<Record<ConfigurationErrorReason["_tag"], string>>> = {
  InvalidParams: "InvalidHints",
  InvalidAccountName: "UnknownAccount"
}

/** The machine-readable reason of an error. The names and values are part of the `--json` format. */
const reasonOf = (
  error: TaskError | SubmitError
): { readonly reason?: string; readonly problem?: string } => {
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

const detailsOf = (error: TaskError | SubmitError): object => {
  if (error._tag === "ProviderError" && error.raw !== undefined) return { raw: error.raw }
  if (error._tag === "ConfigurationError" && error.reason._tag === "InvalidInput")
    return { problems: error.reason.problems }
  if (error._tag !== "StillRunning" || error.lastError === null) return {}
  const { lastError } = error
  return { lastError: { reason: lastError.reason._tag, message: oneLine(messageWithoutRef(lastError)) } }
}

/** Converts an error to the `error` object of `--json`. */
export const errorToJson = (error: TaskError | SubmitError): object => ({
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

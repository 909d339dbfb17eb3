import type { ConfigurationErrorReason, SavedFile } from "@gentask/core"
import type { TaskError } from "../process/exitStatus.ts"
import { oneLine } from "./sanitize.ts"

/** The values of `problem` that differ from the tags of core. They must not change. */
const problemNames: Readonly<Partial<Record<ConfigurationErrorReason["_tag"], string>>> = {
  InvalidParams: "InvalidHints",
  InvalidAccountName: "UnknownAccount"
}

/** The machine-readable reason of an error. The names and values are part of the `--json` format. */
const reasonOf = (error: TaskError): { readonly reason?: string; readonly problem?: string } => {
  switch (error._tag) {
    case "ProviderError":
      return { reason: error.reason._tag }
    case "TaskFailed":
      return { reason: error.snapshot.failure?.reason ?? "unknown" }
    case "ConfigurationError":
      return { problem: problemNames[error.reason._tag] ?? error.reason._tag }
    case "SaveError":
      return { problem: error.reason._tag }
    default:
      return {}
  }
}

/** Converts an error to the `error` object of `--json`. */
export const errorToJson = (error: TaskError): Readonly<Record<string, string>> => ({
  type: error._tag,
  ...reasonOf(error),
  message: oneLine(error.message)
})

/** Converts a saved file to a member of `files` of `--json`. */
export const fileToJson = ({
  path,
  bytes,
  sha256,
  mediaType,
  output
}: SavedFile): Readonly<Record<string, unknown>> => ({ path, bytes, sha256, mediaType, role: output.role })

import { ConfigurationError, InvalidTaskRef, ProviderError, TaskRef } from "@gentask/core"
import type { ErrorReason } from "@gentask/core"
import { decodeError } from "@gentask/core/schema"
import type { AnyGentaskError } from "@gentask/core/schema"
import { TrackerError } from "@gentask/tracker/client"
import type { TrackerErrorReason } from "@gentask/tracker/client"
import { errorMessage } from "../output/sanitize.ts"

/** Errors about one task that a tracker reports. */
export type RemoteQueryError = ConfigurationError | InvalidTaskRef | ProviderError

/** Decodes the error of gentask that a tracker has reported. Returns undefined if it has reported none. */
export const reportedError = (error: unknown): AnyGentaskError | undefined => {
  const json = error instanceof TrackerError ? error.error : null
  if (json === null) return undefined
  try {
    return decodeError(json)
  } catch {
    return undefined
  }
}

const reasonTags: Readonly<
  Partial<Record<TrackerErrorReason, Exclude<ErrorReason["_tag"], "UnexpectedResponse">>>
> = {
  Unauthorized: "Unauthorized",
  Forbidden: "Forbidden",
  NotFound: "TaskNotFound",
  InvalidInput: "InvalidRequest",
  Rejected: "InvalidRequest",
  VendorFailed: "Unavailable",
  Unavailable: "Unavailable"
}

/** Returns why a request to a tracker failed, in the terms of a request to a vendor. */
export const reasonOf = (error: unknown): ErrorReason => {
  const message = errorMessage(error).replace(/\.$/, "")
  const _tag = (error instanceof TrackerError ? reasonTags[error.reason] : undefined) ?? "Unreachable"
  const httpStatus = error instanceof TrackerError ? error.problem?.status : undefined
  return httpStatus === undefined ? { _tag, message } : { _tag, message, httpStatus }
}

/** Returns the error of a request about a task. */
export const queryErrorOf = (ref: string, error: unknown): RemoteQueryError => {
  const reported = reportedError(error)
  if (
    reported instanceof ProviderError ||
    reported instanceof ConfigurationError ||
    reported instanceof InvalidTaskRef
  )
    return reported
  const { provider, account = provider } = TaskRef.parse(ref)
  const failure = new ProviderError({ provider, account, ref, reason: reasonOf(error) }, { cause: error })
  // The message of the class would blame the vendor.
  if (error instanceof TrackerError) failure.message = `${ref}: ${error.message}`
  return failure
}

import type { ErrorJson } from "@gentask/core/schema"
import type { ProblemJson } from "../api/ProblemJson.ts"
import { problemTypePrefix } from "../api/ProblemJson.ts"

/**
 * Why a request to the tracker failed:
 *
 * - `Unreachable`: the server did not respond
 * - `VersionMismatch`: the server is not a tracker, or has another version of the API
 * - `Unauthorized`, `Forbidden`: the token is invalid, or lacks a scope
 * - `NotFound`: the tracker does not have the task, file, submit or endpoint
 * - `InvalidInput`: the request is invalid. Nothing was sent to a vendor
 * - `Rejected`: the vendor created no task
 * - `OutcomeUnknown`: the vendor may have created a task
 * - `VendorFailed`: the vendor could not be reached, or refused
 * - `Unavailable`: the tracker cannot respond now
 * - `InvalidFile`: a downloaded file differs from its digest
 */
export type TrackerErrorReason =
  | "Unreachable"
  | "VersionMismatch"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "InvalidInput"
  | "Rejected"
  | "OutcomeUnknown"
  | "VendorFailed"
  | "Unavailable"
  | "InvalidFile"

const reasons: Readonly<Record<string, TrackerErrorReason>> = {
  unauthorized: "Unauthorized",
  forbidden: "Forbidden",
  "not-found": "NotFound",
  "submit-rejected": "Rejected",
  "submit-outcome-unknown": "OutcomeUnknown",
  "vendor-failed": "VendorFailed"
}

const reasonOf = ({ type, status }: ProblemJson): TrackerErrorReason =>
  reasons[type.slice(problemTypePrefix.length)] ?? (status >= 500 ? "Unavailable" : "InvalidInput")

const accessReasons: ReadonlySet<string> = new Set(["Unauthorized", "Forbidden", "InsufficientCredits"])
const keyReasons: ReadonlySet<string> = new Set(["MissingApiKey", "InvalidApiKey"])

/** Returns the exit status of an error of gentask, the same as without a tracker. */
const statusOfError = (error: ErrorJson): number | undefined => {
  switch (error._tag) {
    case "ConfigurationError":
      return keyReasons.has(error.reason._tag) ? 4 : 2
    case "SubmitRejected": {
      const hasNoCredit = error.failure.reason === "quota" && error.reason._tag !== "RateLimited"
      if (accessReasons.has(error.reason._tag) || hasNoCredit) return 4
      return error.reason._tag === "Unreachable" ? 5 : 1
    }
    case "ProviderError":
    case "UploadFailed":
      return accessReasons.has(error.reason._tag) ? 4 : 5
    default:
      return undefined
  }
}

const exitStatuses: Readonly<Record<TrackerErrorReason, number>> = {
  Unreachable: 5,
  VersionMismatch: 5,
  Unauthorized: 4,
  Forbidden: 4,
  NotFound: 5,
  InvalidInput: 2,
  Rejected: 1,
  OutcomeUnknown: 7,
  VendorFailed: 5,
  Unavailable: 5,
  InvalidFile: 6
}

/** A request to the tracker failed. */
export class TrackerError extends Error {
  /** The kind of error. */
  readonly _tag = "TrackerError"
  /** Equal to `_tag`. */
  override readonly name = "TrackerError"
  /** Why the request failed. */
  readonly reason: TrackerErrorReason
  /** The response of the server. Null if there was none. */
  readonly problem: ProblemJson | null
  /** The request id, under which the tracker's log has details. */
  readonly requestId: string | null

  constructor(
    reason: TrackerErrorReason,
    message: string,
    options: ErrorOptions & { readonly problem?: ProblemJson; readonly requestId?: string | null } = {}
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.reason = reason
    this.problem = options.problem ?? null
    this.requestId = options.requestId ?? null
  }

  /** Creates the error of a problem that the server responded with. */
  static fromProblem(problem: ProblemJson, requestId: string | null): TrackerError {
    const message = problem.detail === undefined ? `${problem.title}.` : problem.detail
    return new TrackerError(reasonOf(problem), message, { problem, requestId })
  }

  /** The error of gentask, such as `SubmitRejected`, as JSON. `decodeError` of `@gentask/core/schema` reads it. */
  get error(): ErrorJson | null {
    return this.problem?.error ?? null
  }

  /** Whether the same call may succeed later without any change. */
  get isRetryable(): boolean {
    return this.reason === "Unreachable" || this.reason === "Unavailable"
  }

  /** The exit status of the command line for this error. */
  get exitStatus(): number {
    return (this.error === null ? undefined : statusOfError(this.error)) ?? exitStatuses[this.reason]
  }
}

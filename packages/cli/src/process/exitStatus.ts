import type { SubmitRejected } from "@gentask/core"
import type { RecordedSubmitError, TaskError } from "@gentask/core/internal"
import type { UsageError } from "../UsageError.ts"

/** The exit statuses. The highest status of a list of tasks wins. */
export const exitStatus = {
  /** All tasks succeeded. For `query`: all tasks were queried. */
  success: 0,
  /** A task failed, was canceled, expired, or was rejected by the vendor. */
  taskFailed: 1,
  /** The command line, the configuration, the input or a task ref is invalid, or a confirmation is missing. */
  usage: 2,
  /** A task was still running when the timeout passed. */
  stillRunning: 3,
  /** The API key is missing or rejected, or the account has no credits. */
  accessDenied: 4,
  /** The vendor could not be queried or reached, or does not know the task. */
  queryFailed: 5,
  /** An output could not be saved. */
  saveFailed: 6,
  /** It is unknown whether a submit created a task. */
  outcomeUnknown: 7,
  /** An error in gentask itself. */
  internalError: 70,
  /** 128 and the number of the signal that ended the process: SIGHUP, SIGINT or SIGTERM. */
  hungUp: 129,
  interrupted: 130,
  /** The reader of the standard output closed it before the command was done. */
  outputClosed: 141,
  terminated: 143
} as const

const accessReasons: ReadonlySet<string> = new Set(["Unauthorized", "Forbidden", "InsufficientCredits"])
const keyReasons: ReadonlySet<string> = new Set(["MissingApiKey", "InvalidApiKey"])

/** Returns the exit status of a submit that created no task. */
const rejectedStatus = ({ reason, failure }: SubmitRejected): number => {
  // Some vendors report an empty account as an invalid request, and only the message says why.
  const hasNoCredit = failure.reason === "quota" && reason._tag !== "RateLimited"
  if (accessReasons.has(reason._tag) || hasNoCredit) return exitStatus.accessDenied
  return reason._tag === "Unreachable" ? exitStatus.queryFailed : exitStatus.taskFailed
}

/** Returns the exit status of an error. */
export const exitStatusOf = (error: TaskError | RecordedSubmitError | UsageError): number => {
  switch (error._tag) {
    case "ClientClosed":
      return exitStatus.internalError
    case "TaskFailed":
      return exitStatus.taskFailed
    case "InvalidTaskRef":
    case "LedgerFailed":
      return exitStatus.usage
    case "UsageError":
      return error.status ?? exitStatus.usage
    case "ConfigurationError":
      return keyReasons.has(error.reason._tag) ? exitStatus.accessDenied : exitStatus.usage
    case "SubmitRejected":
      return rejectedStatus(error)
    case "SubmitOutcomeUnknown":
      return exitStatus.outcomeUnknown
    case "StillRunning":
      return exitStatus.stillRunning
    case "UploadFailed":
    case "ProviderError":
      return accessReasons.has(error.reason._tag) ? exitStatus.accessDenied : exitStatus.queryFailed
    default:
      // The user can wait for the task, as after a timeout.
      return error.reason._tag === "NotSucceeded" ? exitStatus.stillRunning : exitStatus.saveFailed
  }
}

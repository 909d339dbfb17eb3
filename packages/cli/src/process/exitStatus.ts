import type {
  ClientClosed,
  ConfigurationError,
  InvalidTaskRef,
  ProviderError,
  SaveError,
  StillRunning,
  TaskFailed
} from "@gentask/core"
import type { UsageError } from "../UsageError.ts"

/** The exit statuses. The highest status of a list of tasks wins. */
export const exitStatus = {
  /** All tasks succeeded. For `query`: all tasks were queried. */
  success: 0,
  /** A task failed, was canceled or expired. */
  taskFailed: 1,
  /** The command line, the configuration or a task ref is invalid. */
  usage: 2,
  /** A task was still running when the timeout passed. */
  stillRunning: 3,
  /** The API key is missing or rejected, or the account has no credits. */
  accessDenied: 4,
  /** A task could not be queried, or the vendor does not know it. */
  queryFailed: 5,
  /** An output could not be saved. */
  saveFailed: 6,
  /** An error in gentask itself. */
  internalError: 70,
  /** 128 and the number of the signal that ended the process: SIGHUP, SIGINT or SIGTERM. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143
} as const

/** Every expected error about one task. */
export type TaskError =
  | ClientClosed
  | ConfigurationError
  | InvalidTaskRef
  | ProviderError
  | SaveError
  | StillRunning
  | TaskFailed

const accessReasons: ReadonlySet<string> = new Set(["Unauthorized", "Forbidden", "InsufficientCredits"])
const keyReasons: ReadonlySet<string> = new Set(["MissingApiKey", "InvalidApiKey"])

/** Returns the exit status of an error. */
export const exitStatusOf = (error: TaskError | UsageError): number => {
  switch (error._tag) {
    case "ClientClosed":
      return exitStatus.internalError
    case "TaskFailed":
      return exitStatus.taskFailed
    case "InvalidTaskRef":
    case "UsageError":
      return exitStatus.usage
    case "ConfigurationError":
      return keyReasons.has(error.reason._tag) ? exitStatus.accessDenied : exitStatus.usage
    case "StillRunning":
      return exitStatus.stillRunning
    case "ProviderError":
      return accessReasons.has(error.reason._tag) ? exitStatus.accessDenied : exitStatus.queryFailed
    default:
      // The user can wait for the task, as after a timeout.
      return error.reason._tag === "NotSucceeded" ? exitStatus.stillRunning : exitStatus.saveFailed
  }
}

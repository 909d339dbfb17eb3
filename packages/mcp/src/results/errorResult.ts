import {
  isGentaskError,
  SaveError,
  SubmitOutcomeUnknown,
  SubmitRejected,
  TaskFailed,
  toJson
} from "@gentask/core"
import { errorToJson, fileToJson } from "@gentask/core/internal"
import type { RecordedError } from "@gentask/core/internal"
import type { CallToolResult } from "@modelcontextprotocol/server"
import { describeFile, describeTask } from "./describeTask.ts"
import { toolResult } from "./toolResult.ts"
import type { JsonRecord } from "./toolResult.ts"
import { cleanText, quote } from "./vendorText.ts"

/** An error of the caller, with a message of this package. */
export class CallError extends Error {
  /** The name of the class. */
  override readonly name = "CallError"
}

/** What an agent does about an error. It never is to submit once more. */
const adviceOf = (error: unknown): string => {
  if (!isGentaskError(error)) return ""
  switch (error._tag) {
    case "SubmitOutcomeUnknown": {
      const { intent } = error as SubmitOutcomeUnknown
      const command = intent === null ? "gentask reconcile" : `gentask reconcile ${cleanText(intent)}`
      return `It is unknown whether the vendor created a task, and it may charge for one. Do not submit again. Look for the task with the tool list, or let the user run: ${command}`
    }
    case "SubmitRejected":
    case "UploadFailed":
      return "No task was created. Report this to the user before you change the request."
    case "LedgerFailed":
      return "Nothing was sent, because submits must be recorded first."
    case "TaskFailed":
      return "The task has ended without a result. Report the reason to the user. A new task costs again."
    case "SaveError":
      return "The task is not lost. Call save with the same ref to resume."
    case "ProviderError":
      return "This says nothing about the task, which is not lost. Its ref stays valid."
    default:
      return ""
  }
}

const ownText: ReadonlySet<string> = new Set([
  "ConfigurationError",
  "InvalidTaskRef",
  "ClientClosed",
  "StillRunning"
])

/** The message without an invitation to submit once more. */
const messageOf = (error: Error): string => {
  if (error instanceof TaskFailed) return describeTask(error.snapshot)
  return error.message
}

/** Converts an error to the members of a record. */
export const errorRecord = (error: unknown): JsonRecord => {
  if (!isGentaskError(error))
    return { error: { type: "Error", message: error instanceof Error ? error.message : String(error) } }
  const json = errorToJson(error as RecordedError)
  const ids =
    error instanceof SubmitOutcomeUnknown || error instanceof SubmitRejected
      ? {
          account: error.account,
          model: error.model,
          idempotencyKey: error.idempotencyKey,
          intent: error.intent
        }
      : {}
  const snapshot = error instanceof TaskFailed ? toJson(error.snapshot) : {}
  const files =
    error instanceof SaveError && error.saved.length > 0 ? { files: error.saved.map(fileToJson) } : {}
  return {
    ...snapshot,
    ...ids,
    ...files,
    error: { ...json, message: messageOf(error), advice: adviceOf(error) || undefined }
  }
}

/** Describes an error in lines. Messages that may repeat text of a vendor are quoted. */
export const errorLines = (subject: string, error: unknown): ReadonlyArray<string> => {
  const message = error instanceof Error ? messageOf(error) : String(error)
  if (error instanceof CallError) return [`${subject}: ${cleanText(message, 2000)}`]
  const tag = isGentaskError(error) ? error._tag : "Error"
  const reason = errorRecord(error)["error"] as { readonly reason?: string; readonly problem?: string }
  const kind = [tag, reason.reason ?? reason.problem].filter(Boolean).join(" ")
  const lines = [
    `${subject}: ${kind}. ${ownText.has(tag) ? "" : "Message, which may quote the vendor: "}${quote(message, 1000)}`
  ]
  if (error instanceof SaveError)
    lines.push(...error.saved.map((file) => `Already saved: ${describeFile(file)}`))
  const advice = adviceOf(error)
  return advice === "" ? lines : [...lines, advice]
}

/** Creates the result of a tool that failed. */
export const errorResult = (subject: string, error: unknown, record: JsonRecord = {}): CallToolResult =>
  toolResult(errorLines(subject, error), { ...record, ...errorRecord(error) }, { isError: true })

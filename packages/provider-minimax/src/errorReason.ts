import { codeTable, errorFromCode, errorFromStatus } from "@gentask/core/provider"
import type { CodeMeaning, ErrorReason } from "@gentask/core/provider"
import type { MinimaxEnvelope } from "./wire.ts"

/**
 * The meaning of codes, of both APIs. From the pages of the query and of the download, and
 * https://platform.minimax.io/docs/api-reference/errorcode.
 */
export const meaningOf: (code: string | number | null | undefined) => CodeMeaning | undefined = codeTable([
  // The task's input or its result is sensitive. The vendor's advice is to change the input.
  { codes: [1026, 1027], failure: { reason: "moderation", canResubmit: false } },
  { codes: [1004, 2049], error: "Unauthorized" },
  { codes: [1008], error: "InsufficientCredits" },
  { codes: [1002, 1039, 2045, 2056], error: "RateLimited" },
  { codes: [1000, 1001, 1013, 1024, 1033], error: "Unavailable" },
  // The plan does not include the model, according to the vendor's command line (https://github.com/MiniMax-AI/cli).
  { codes: [2061], error: "Forbidden" },
  { codes: [2013], error: "InvalidRequest" }
])

/** A code and its message. */
export interface ErrorStatus {
  readonly code: string | undefined
  readonly message: string | null | undefined
  readonly requestId?: string | undefined
}

/**
 * Reads the error of a response. The second API has its code at the end of the message: "insufficient balance (1008)".
 *
 * @returns Undefined for the code of success.
 */
export const readError = ({ base_resp, error, request_id }: MinimaxEnvelope): ErrorStatus | undefined => {
  if (error != null) {
    const code = /\((\d{4})\)\s*$/.exec(error.message ?? "")?.[1]
    return { code, message: error.message, ...(request_id ? { requestId: request_id } : {}) }
  }
  const code = String(base_resp?.status_code ?? 0).trim()
  return code === "0" ? undefined : { code, message: base_resp?.status_msg }
}

/** Returns the reason of an error that says nothing about the task. */
export const reasonOf = (error: ErrorStatus, httpStatus = 200): ErrorReason => {
  const { code, ...detail } = error
  // "A task_id outside this window returns invalid task_id", the last 7 days.
  if (/invalid task_?id/i.test(error.message ?? "")) return { _tag: "TaskNotFound", code, ...detail }
  const tag = meaningOf(code)?.error
  if (tag !== undefined) return { _tag: tag, code, ...detail }
  return errorFromStatus(httpStatus, error) ?? errorFromCode(code ?? "", detail)
}

import { codeAt, codeTable, firstStringAt } from "@gentask/core/provider"
import type { CodeGroup, ErrorDetail, ErrorFormat, JsonObject } from "@gentask/core/provider"

/**
 * Reads the error of a response. The second API has its code at the end of the message: "insufficient balance (1008)".
 *
 * @returns Undefined for the code of success.
 */
export const readError = (body: JsonObject): ErrorDetail | undefined => {
  if (body["error"] != null) {
    const message = firstStringAt(body, "error.message")
    const code = /\((\d{4})\)\s*$/.exec(message ?? "")?.[1]
    return { code, message, requestId: firstStringAt(body, "request_id") }
  }
  const code = codeAt(body, "base_resp.status_code") ?? "0"
  return code === "0" ? undefined : { code, message: firstStringAt(body, "base_resp.status_msg") }
}

/**
 * From the pages of the query and of the download, and https://platform.minimax.io/docs/api-reference/errorcode.
 */
const codes: ReadonlyArray<CodeGroup> = [
  // The task's input is sensitive. The vendor's advice is to change it.
  { codes: [1026], failure: { reason: "moderation", canResubmit: false } },
  // So is its result, which only a task has.
  { codes: [1027], failure: { reason: "moderation", canResubmit: false }, submit: "unknown" },
  { codes: [1004, 2049], error: "Unauthorized" },
  { codes: [1008], error: "InsufficientCredits" },
  // The limits of which the vendor says to retry later: too many requests, and too sudden an increase.
  { codes: [1002, 2045], error: "RateLimited", submit: "retry-later" },
  { codes: [1039, 2056], error: "RateLimited" },
  { codes: [1000, 1001, 1013, 1024, 1033], error: "Unavailable" },
  // The plan does not include the model, according to the vendor's command line (https://github.com/MiniMax-AI/cli).
  { codes: [2061], error: "Forbidden" },
  { codes: [2013], error: "InvalidRequest" }
]
const meaningOf = codeTable(codes)

/** "A task_id outside this window returns invalid task_id", the last 7 days. */
const isUnknownTask = ({ message }: ErrorDetail): boolean => /invalid task_?id/i.test(message ?? "")

/** Checks whether an error says no more than that the request is invalid. */
export const isInvalidRequest = (error: ErrorDetail): boolean =>
  !isUnknownTask(error) && (meaningOf(error.code)?.error ?? "InvalidRequest") === "InvalidRequest"

/** The errors of both APIs. The first reports them in HTTP 200, too. */
export const errors: ErrorFormat = {
  read: (body) => {
    // The code of a task that has failed is that of its failure.
    if (/^fail/i.test(firstStringAt(body, "status") ?? "")) return undefined
    const error = readError(body)
    return error !== undefined && isUnknownTask(error) ? { _tag: "TaskNotFound", ...error } : error
  },
  codes
}

import type { ErrorReason, ErrorReasonTag } from "../provider/ErrorReason.ts"
import { oneLine } from "../task/oneLine.ts"

const summaries: Readonly<Record<ErrorReasonTag, string>> = {
  Unauthorized: "the vendor rejected the API key",
  InsufficientCredits: "the account has no credits left",
  Forbidden: "the vendor denied access",
  TaskNotFound: "the vendor does not know this task",
  InvalidRequest: "the vendor rejected the request as invalid",
  RateLimited: "too many requests",
  Unavailable: "the vendor is temporarily unavailable",
  Unreachable: "the vendor could not be reached",
  RequestTimedOut: "the request timed out",
  UnexpectedResponse: "unexpected response",
  ResponseTooLarge: "the response is too large"
}

const advice: Readonly<Partial<Record<ErrorReasonTag, string>>> = {
  Unauthorized: "Check the API key of this account.",
  InsufficientCredits: "Add credits to the account.",
  Forbidden:
    "Check the permissions of the API key. Some hosts also reject unknown User-Agents: set the option userAgent.",
  TaskNotFound: "Check the task id and the account. The vendor may also have deleted the task.",
  ResponseTooLarge: "Increase maxResponseBytes if such a response is expected."
}

/** Only if nothing else says what is wrong may the vendor have changed its format. */
const adviceFor = (reason: ErrorReason): string | undefined => {
  if (reason._tag === "InvalidRequest" && reason.httpStatus === 404)
    return "Check the name of the model, and the base URL if the account has one."
  if (reason._tag !== "UnexpectedResponse") return advice[reason._tag]
  const { code, path, httpStatus = 200 } = reason
  const isRedirect = httpStatus >= 300 && httpStatus < 400
  if (code != null || isRedirect) return undefined
  // A response that is unexpected as a whole, such as a web page, is that of another host.
  return path === ""
    ? "Check the base URL."
    : "Check the base URL. If it is correct, the vendor may have changed its format."
}

const maxQuotedLength = 300

/** Quotes vendor text on one line, shortened, without characters that could control a terminal. */
const quote = (text: string): string => oneLine(text, maxQuotedLength)

/** Ends a sentence with one period, unless it has an end already. */
const sentence = (text: string): string => (/[.!?…。！？]$/u.test(text) ? text : `${text}.`)

/** Describes a reason in sentences: what is wrong, and what to do. */
export const describeReason = (reason: ErrorReason): string => {
  const details = [
    reason.httpStatus === undefined ? "" : `HTTP ${reason.httpStatus}`,
    reason.code == null ? "" : `code ${quote(reason.code)}`,
    reason._tag === "UnexpectedResponse" && reason.path !== "" ? `at ${quote(reason.path)}` : "",
    reason.requestId == null ? "" : `request id ${quote(reason.requestId)}`
  ].filter((detail) => detail !== "")
  const quoted = reason.message == null ? "" : quote(reason.message)
  const sentences = [
    sentence(
      `${summaries[reason._tag]}${details.length === 0 ? "" : ` (${details.join(", ")})`}${quoted === "" ? "" : `: ${quoted}`}`
    )
  ]
  if ("retryAfterMs" in reason && reason.retryAfterMs !== undefined)
    sentences.push(`Retry after ${Math.ceil(reason.retryAfterMs / 1000)} s.`)
  const next = adviceFor(reason)
  if (next !== undefined) sentences.push(next)
  return sentences.join(" ")
}

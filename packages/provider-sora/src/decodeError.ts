import {
  classifyFailure,
  errorFromHttpCode,
  firstStringAt,
  queryError,
  readErrorDetail,
  snapshot
} from "@gentask/core/provider"
import type { ErrorText, JsonObject, QueryOutcome, ResponseHead } from "@gentask/core/provider"

/** The relay could not reach its upstream, whose own error may be inside the message. */
const relayFailed = /fail_to_fetch_task|upstream_load_saturated|上游负载已饱和/

const invalidKey =
  /^(?:invalid|incorrect|missing|expired|no)[\s_]+(?:token|api[\s_-]?key)|unauthorized|无效的令牌|令牌/i

/** Checks whether an error is about the API key. */
export const isInvalidKey = ({ code = "", message = "" }: ErrorText): boolean =>
  invalidKey.test(message) || invalidKey.test(code)

/** Decodes errors of the gateways whose code or message is more specific than the HTTP status: an unknown task is an HTTP 400. */
export const decodeError = (body: JsonObject, head: ResponseHead): QueryOutcome | undefined => {
  const detail = readErrorDetail(body)
  if (detail.code === "task_not_exist") return queryError({ _tag: "TaskNotFound", ...detail })
  const failure = classifyFailure(detail.code, detail.message)
  // With HTTP 429, the quota may be one of requests.
  if (failure?.reason === "quota" && head.status < 429) {
    return queryError({ _tag: "InsufficientCredits", ...detail })
  }
  const status = head.status === 200 ? Number(detail.code) : head.status
  if (status === 404 || !relayFailed.test(JSON.stringify(body))) return undefined
  if (failure?.reason === "moderation") {
    return snapshot({ status: "failed", failure: { ...failure, ...detail } })
  }
  return queryError({ _tag: status === 429 ? "RateLimited" : "Unavailable", ...detail })
}

/**
 * Decodes an HTTP 200 response without a status.
 *
 * @returns Undefined if it is a task: some relays leave the status out until the model has started.
 */
export const decodeMissingStatus = (body: JsonObject, head: ResponseHead): QueryOutcome | undefined => {
  const text = readErrorDetail(body)
  const { code, message } = text
  const isTask = firstStringAt(body, "id", "task_id", "request_id", "data.id", "data.task_id") !== undefined
  if (isTask && code === undefined && !body["error"]) return undefined
  const error = decodeError(body, head)
  if (error !== undefined) return error
  const detail = { code, message: message ?? "The response has no status" }
  const unexpected = { _tag: "UnexpectedResponse", path: "status", ...detail } as const
  return queryError(errorFromHttpCode(code, detail) ?? unexpected)
}

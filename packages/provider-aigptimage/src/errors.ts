import {
  classifyFailure,
  codeAt,
  hasFailed,
  numberAt,
  readErrorDetail,
  valueAt
} from "@gentask/core/provider"
import type { ErrorFormat, JsonObject } from "@gentask/core/provider"
import { statusOf } from "./statuses.ts"

/** kie.ai: "Content generation task failed", and "Failed to fetch the image" of Veo, so retrying does not help. */
const failureCodes: ReadonlySet<string> = new Set(["501", "451"])

/** Returns the code. An absent code is that of success. */
const codeOf = (body: JsonObject): string => codeAt(body, "code") ?? "200"

/** Checks whether a response to a query is about a task that has failed, whatever its code is. */
export const isAboutTask = (body: JsonObject): boolean => {
  const code = codeOf(body)
  return code !== "200" && (failureCodes.has(code) || hasFailed(statusOf(valueAt(body, "data"))))
}

export const errors: ErrorFormat = {
  read: (body, { status }, operation) => {
    const code = codeOf(body)
    if (code === "200" || (operation === "query" && isAboutTask(body))) return undefined
    // A gateway in front of the vendors does not say that nothing was created.
    if (operation === "submit" && code === "429" && status !== 200 && status !== 429) return undefined
    const detail = { ...readErrorDetail(body), code }
    // kie.ai's response for an unknown task, and for one that it has just accepted.
    if (code === "422" && /record(?:info)? is null/i.test(detail.message ?? ""))
      return { _tag: "TaskNotFound", ...detail }
    if (/^4(?:00|03|22)$/.test(code) && classifyFailure(detail.message)?.reason === "quota")
      return { _tag: "InsufficientCredits", ...detail }
    const seconds = numberAt(body, "data.retryAfter") ?? -1
    return { ...detail, retryAfterMs: seconds >= 0 ? seconds * 1000 : undefined }
  },
  // The codes are those of HTTP, in HTTP 200 and with their own HTTP status, and a few of kie.ai's own.
  codes: [
    { codes: [400, 422], error: "InvalidRequest" },
    { codes: [401], error: "Unauthorized" },
    // 433: the spending cap of the API key is reached.
    { codes: [402, 433], error: "InsufficientCredits" },
    // 505: the feature is disabled.
    { codes: [403, 505], error: "Forbidden" },
    { codes: [404], error: "TaskNotFound" },
    { codes: [410], error: "TaskNotFound", submit: "unknown" },
    // "Rejected requests do not enter the generation queue", say both vendors.
    { codes: [429], error: "RateLimited", submit: "retry-later" },
    // The maintenance of kie.ai.
    { codes: [455], error: "Unavailable", submit: "rejected" },
    { codes: [408, 409, 425, /^5\d\d$/], error: "Unavailable" },
    { codes: [/^4\d\d$/], error: "InvalidRequest", submit: "unknown" }
  ]
}

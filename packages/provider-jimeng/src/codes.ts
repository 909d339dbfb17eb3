import { codeTable } from "@gentask/core/provider"
import type { CodeGroup, CodeTable } from "@gentask/core/provider"

export const codes: ReadonlyArray<CodeGroup> = [
  // Of the visual services: https://www.volcengine.com/docs/85621 and https://www.volcengine.com/docs/6444/69728. The
  // relays document only 10000 and 10001, and pass the others through.
  {
    codes: [50218, 50411, 50412, 50413, 50512, 50513, 50514, 50518, 60208],
    failure: { reason: "moderation", canResubmit: false }
  },
  { codes: [50511, 50516, 50517, 50519], failure: { reason: "moderation", canResubmit: true } },
  // The image, video or audio that the task was submitted with.
  {
    codes: [50205, 50206, 50207, 50209, 50210, 50211, 50214, 50215, 50220, 60102],
    failure: { reason: "invalid-input" }
  },
  // "Internal error" of a content check: documented as HTTP 400 and final, so the task has failed.
  { codes: [50520, 50521, 50522], failure: { reason: "upstream", canResubmit: false }, submit: "rejected" },
  { codes: [50400], error: "Forbidden" },
  // The parameters and the path of the query itself.
  { codes: [50200, 50201, 50204, 50213, 50402], error: "InvalidRequest" },
  // The vendor documents both as "may be repeated", and that responses with an error have no task. The limit of concurrent
  // tasks ends with a task, and not after a time.
  { codes: [50429], error: "RateLimited", submit: "retry-later" },
  { codes: [50430], error: "RateLimited", submit: "retry-after-task-end" },
  // The vendor's pages disagree on whether a retry helps. An internal error of a query is not the failure of its task.
  { codes: [50500, 50501], error: "Unavailable" },

  // Of Volcengine's gateway: https://www.volcengine.com/docs/6369/68677 and https://www.volcengine.com/docs/6720/108305
  {
    codes: ["MissingAuthenticationToken", "MissingSignature", "InvalidAccessKey", "SignatureDoesNotMatch"],
    error: "Unauthorized"
  },
  { codes: ["LackPolicy", "AccessDenied"], error: "Forbidden" },
  // An invalid timestamp is HTTP 400, or 403 on older pages. An unknown service or action is HTTP 404, which does not
  // mean that the task is missing.
  {
    codes: [
      "MissingParameter",
      "MissingRequestInfo",
      "InvalidTimestamp",
      "ServiceNotFound",
      "InvalidActionOrVersion"
    ],
    error: "InvalidRequest"
  },

  // Of the new-api gateway, in HTTP 400.
  { codes: ["task_not_exist"], error: "TaskNotFound" }
]

/** Looks up a code. */
export const meaningOf: CodeTable = codeTable(codes)

import {
  asHttpUrl,
  codeTable,
  errorFromCode,
  percent,
  queryError,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type {
  ErrorDetail,
  OutputDraft,
  QueryOutcome,
  ResponseHead,
  StatusWords,
  TaskStatus
} from "@gentask/core/provider"
import { decodeGatewayError } from "./gateway.ts"
import type { JimengResponse, JimengTask } from "./wire.ts"

// The words of the relays, of Volcengine, and of the new-api gateway. `done` is a success or a failure, by its code.
export const statuses: StatusWords = {
  queued: ["submitted", "in_queue", "not_start", "queued"],
  running: ["generating", "processing", "in_progress"],
  succeeded: ["success", "done"],
  failed: ["failed", "failure"],
  canceled: ["cancelled", "canceled"],
  expired: ["expired"]
}
const statusOf = statusTable(statuses)

// From https://www.volcengine.com/docs/85621. The relays document only 10000 and 10001, and pass the others through.
const codes = codeTable([
  { codes: [50411, 50412, 50413, 50512, 50518], failure: { reason: "moderation", canResubmit: false } },
  { codes: [50511, 50516, 50517, 50519], failure: { reason: "moderation", canResubmit: true } },
  // "Internal error" of a content check: documented as HTTP 400 and final, so the task has failed.
  { codes: [50520, 50521, 50522], failure: { reason: "upstream", canResubmit: false } },
  { codes: [50429, 50430], error: "RateLimited" },
  // The vendor's pages disagree on whether a retry helps. An internal error of a query says nothing about the task.
  { codes: [50500, 50501], error: "Unavailable" },
  // Of the new-api gateway, in HTTP 400.
  { codes: ["task_not_exist"], error: "TaskNotFound" }
])

const rawStatusOf = ({ data }: JimengResponse): string => data?.status?.trim().toLowerCase() ?? ""

const codeOf = (body: JimengResponse): string => String(body.code ?? "")

const hasSuccessCode = (body: JimengResponse): boolean => ["10000", "success"].includes(codeOf(body))

/** Reads the details of an error. With the code of success, the message ("Success") is about the query only. */
const readErrorDetail = (body: JimengResponse): ErrorDetail => {
  const requestId = body.request_id
  return hasSuccessCode(body) ? { requestId } : { code: codeOf(body), message: body.message, requestId }
}

const readOutputs = (task: JimengTask): ReadonlyArray<OutputDraft> => [
  ...(task.image_urls ?? []).map((url) => ({ kind: "image" as const, url })),
  ...(task.binary_data_base64 ?? []).map((base64) => ({ kind: "image" as const, base64 })),
  { kind: "video", url: task.video_url },
  // The new-api gateway serves videos in this format. Its old tasks have the URL of a success in `fail_reason`.
  { kind: "video", url: task.result_url || asHttpUrl(task.fail_reason) }
]

const toSnapshot = (body: JimengResponse, status: TaskStatus): QueryOutcome => {
  const task: JimengTask = body.data ?? {}
  return snapshot({
    status,
    rawStatus: task.status,
    progress: percent(task.progress),
    createdAt: task.submit_time,
    completedAt: task.finish_time,
    outputs: status === "succeeded" ? readOutputs(task) : [],
    failure: {
      // The vendor documents `expired` as "Please try to submit the task again".
      ...(status === "expired" ? { canResubmit: true } : codes(codeOf(body))?.failure),
      ...readErrorDetail(body),
      ...(task.fail_reason ? { message: task.fail_reason } : {})
    }
  })
}

const isUnsuccessfulEnd = (status: TaskStatus): boolean => ["failed", "canceled", "expired"].includes(status)

const taskNotFound = (body: JimengResponse): QueryOutcome =>
  queryError({ _tag: "TaskNotFound", ...readErrorDetail(body) })

/** Decodes a response without the code of success, which means the same in HTTP 200, 4xx and 5xx. */
export const decodeError = (body: JimengResponse, head: ResponseHead): QueryOutcome | undefined => {
  const gatewayError = decodeGatewayError(body, head)
  if (gatewayError !== undefined) return gatewayError
  if (hasSuccessCode(body)) return undefined
  const rawStatus = rawStatusOf(body)
  if (rawStatus === "not_found") return taskNotFound(body)
  const code = codeOf(body)
  const meaning = codes(code)
  if (meaning?.error !== "RateLimited") {
    const status = statusOf(rawStatus)
    if (isUnsuccessfulEnd(status)) return toSnapshot(body, status)
    // Volcengine's own codes have five digits. A code that copies an HTTP status is about the query.
    const hasFailed = meaning?.failure !== undefined || (rawStatus === "done" && /^\d{5}$/.test(code))
    if (hasFailed) return toSnapshot(body, "failed")
  }
  return meaning?.error && queryError({ _tag: meaning.error, ...readErrorDetail(body) })
}

/** Decodes a task in any of the three envelopes: first by the code, and then by the task's status. */
export const decode = (body: JimengResponse, head: ResponseHead): QueryOutcome => {
  const error = decodeError(body, head)
  if (error !== undefined) return error
  const detail = readErrorDetail(body)
  if (!hasSuccessCode(body)) return queryError(errorFromCode(codeOf(body), detail))
  const rawStatus = rawStatusOf(body)
  if (rawStatus === "") return queryError({ _tag: "UnexpectedResponse", path: "data.status", ...detail })
  // Also the status of tasks whose record was deleted, 12 hours after they started.
  return rawStatus === "not_found" ? taskNotFound(body) : toSnapshot(body, statusOf(rawStatus))
}

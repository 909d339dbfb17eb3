/** What an answer in the Jimeng official format means. */
import {
  asLink,
  codeTable,
  queryError,
  errorFromCode,
  percent,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type {
  ErrorDetail,
  ResponseHead,
  QueryOutcome,
  OutputDraft,
  StatusWords,
  TaskStatus
} from "@gentask/core/provider"
import { readGatewayError } from "./gateway.ts"
import type { JimengResponse, JimengTask } from "./wire.ts"

// The relays' words, Volcengine's, and those of the new-api gateway. `done` is an end, good or bad by the code.
export const statuses: StatusWords = {
  queued: ["submitted", "in_queue", "not_start", "queued"],
  running: ["generating", "processing", "in_progress"],
  succeeded: ["success", "done"],
  failed: ["failed", "failure"],
  canceled: ["cancelled", "canceled"],
  expired: ["expired"]
}
const statusOf = statusTable(statuses)

// Of https://www.volcengine.com/docs/85621. The relays document 10000 and 10001 alone and pass the others through.
const codes = codeTable([
  { codes: [50411, 50412, 50413, 50512, 50518], failure: { reason: "moderation", canResubmit: false } },
  { codes: [50511, 50516, 50517, 50519], failure: { reason: "moderation", canResubmit: true } },
  // "Internal error" of a check on the content: documented as HTTP 400 and final, so it is about the task.
  { codes: [50520, 50521, 50522], failure: { reason: "upstream", canResubmit: false } },
  { codes: [50429, 50430], error: "RateLimited" },
  // The vendor's pages disagree whether a retry helps; an internal error while asking says nothing about the task.
  { codes: [50500, 50501], error: "Unavailable" },
  // The new-api gateway's, in HTTP 400.
  { codes: ["task_not_exist"], error: "TaskNotFound" }
])

/** The task's own word, which `done` and `not_found` are special among. */
const wordOf = ({ data }: JimengResponse): string => data?.status?.trim().toLowerCase() ?? ""

const codeOf = (body: JimengResponse): string => String(body.code ?? "")

const isAccepted = (body: JimengResponse): boolean => ["10000", "success"].includes(codeOf(body))

/** The vendor's words about what went wrong: the message of a good answer ("Success") is about the question alone. */
const readDetail = (body: JimengResponse): ErrorDetail => {
  const requestId = body.request_id
  return isAccepted(body) ? { requestId } : { code: codeOf(body), message: body.message, requestId }
}

const readOutputs = (task: JimengTask): ReadonlyArray<OutputDraft> => [
  ...(task.image_urls ?? []).map((url) => ({ kind: "image" as const, url })),
  ...(task.binary_data_base64 ?? []).map((base64) => ({ kind: "image" as const, base64 })),
  { kind: "video", url: task.video_url },
  // The gateway's route of this format serves videos; its old rows keep the link of a success in `fail_reason`.
  { kind: "video", url: task.result_url || asLink(task.fail_reason) }
]

const readTask = (body: JimengResponse, status: TaskStatus): QueryOutcome => {
  const task: JimengTask = body.data ?? {}
  return snapshot({
    status,
    rawStatus: task.status,
    progress: percent(task.progress),
    createdAt: task.submit_time,
    completedAt: task.finish_time,
    outputs: status === "succeeded" ? readOutputs(task) : [],
    failure: {
      // "Please try to submit the task again" is what the vendor says of `expired`.
      ...(status === "expired" ? { canResubmit: true } : codes(codeOf(body))?.failure),
      ...readDetail(body),
      ...(task.fail_reason ? { message: task.fail_reason } : {})
    }
  })
}

const isBadEnd = (status: TaskStatus): boolean => ["failed", "canceled", "expired"].includes(status)

const notFound = (body: JimengResponse): QueryOutcome =>
  queryError({ _tag: "TaskNotFound", ...readDetail(body) })

/** What an answer without the code of success says, with HTTP 200 and with HTTP 4xx and 5xx alike. */
export const refuse = (body: JimengResponse, http: ResponseHead): QueryOutcome | undefined => {
  const gatewayError = readGatewayError(body, http)
  if (gatewayError !== undefined) return gatewayError
  if (isAccepted(body)) return undefined
  const word = wordOf(body)
  if (word === "not_found") return notFound(body)
  const code = codeOf(body)
  const meaning = codes(code)
  if (meaning?.error !== "RateLimited") {
    const status = statusOf(word)
    if (isBadEnd(status)) return readTask(body, status)
    // Volcengine's own codes have five digits; one that copies an HTTP status is about the question.
    const isFailed = meaning?.failure !== undefined || (word === "done" && /^\d{5}$/.test(code))
    if (isFailed) return readTask(body, "failed")
  }
  return meaning?.error && queryError({ _tag: meaning.error, ...readDetail(body) })
}

/** Reads a task, in whichever of the three envelopes it is: by the code first, and by the task's status then. */
export const interpret = (body: JimengResponse, http: ResponseHead): QueryOutcome => {
  const refusal = refuse(body, http)
  if (refusal !== undefined) return refusal
  const detail = readDetail(body)
  if (!isAccepted(body)) return queryError(errorFromCode(codeOf(body), detail))
  const word = wordOf(body)
  if (word === "") return queryError({ _tag: "UnexpectedResponse", path: "data.status", ...detail })
  // Also what is left of a task whose record has gone, 12 hours after it began.
  return word === "not_found" ? notFound(body) : readTask(body, statusOf(word))
}

/**
 * How a task is read. See https://docs.octopusx.ai/en/images/jimeng/official-query. It is the format of Volcengine's visual
 * services. Relays also return Volcengine's gateway errors, and tasks in the envelope of the new-api gateway. The outer
 * `status`, a number that repeats `code`, is not that of the task.
 */
import {
  asHttpUrl,
  classifyFailure,
  firstInstantAt,
  firstStringAt,
  hasFailed,
  objectAt,
  percent,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type {
  ErrorFormat,
  FailureDraft,
  JsonObject,
  OutputDraft,
  QueryOutcome,
  SnapshotDraft,
  StatusWords,
  TaskStatus
} from "@gentask/core/provider"
import { codes, meaningOf } from "./codes.ts"
import { errorDetail, readVerdict } from "./verdict.ts"
import type { Verdict } from "./verdict.ts"

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

const readOutputs = (task: JsonObject): Pick<SnapshotDraft, "outputs" | "warnings"> => {
  const { image_urls, binary_data_base64, video_url, result_url, resp_data } = task
  const outputs: ReadonlyArray<OutputDraft> = [
    ...readMedia({ image_urls, binary_data_base64 }, { kind: "image" }),
    // The new-api gateway serves videos in this format. Its old tasks have the URL of a success in `fail_reason`.
    ...readMedia({ video_url, result_url }, { kind: "video" }),
    ...readMedia(asHttpUrl(firstStringAt(task, "fail_reason")), { kind: "video" })
  ]
  if (outputs.length > 0) return { outputs }
  const inRespData = readMedia(resp_data, { kind: "image" })
  const warning = "The links are those in resp_data, which the vendor calls information of the algorithm."
  return { outputs: inRespData, warnings: inRespData.length === 0 ? [] : [warning] }
}

/** Whether the implicit label that `aigc_meta` of the submit or the query describes was added. */
const readTagged = ({ aigc_meta_tagged }: JsonObject): boolean | undefined =>
  typeof aigc_meta_tagged === "boolean" ? aigc_meta_tagged : undefined

/** The code of success is that of the query. The reason of the failure is in the task, or in the message around it. */
const readReason = (body: JsonObject): FailureDraft => ({
  message: readErrorDetail(body).message,
  ...readErrorDetail(body["data"])
})

const readFailure = (body: JsonObject, verdict: Verdict, status: TaskStatus): FailureDraft => ({
  // The vendor documents `expired` as "Please try to submit the task again".
  ...(status === "expired" ? { canResubmit: true } : meaningOf(verdict.code)?.failure),
  ...(verdict.isSuccess ? readReason(body) : {}),
  ...errorDetail(verdict)
})

const toSnapshot = (body: JsonObject, verdict: Verdict, status: TaskStatus): QueryOutcome => {
  const task: JsonObject = objectAt(body, "data") ?? {}
  return snapshot({
    status,
    rawStatus: firstStringAt(task, "status"),
    progress: percent(task["progress"]),
    createdAt: firstInstantAt(task, "submit_time"),
    completedAt: firstInstantAt(task, "finish_time"),
    ...(status === "succeeded" ? { ...readOutputs(task), aigcMetaTagged: readTagged(task) } : {}),
    failure: hasFailed(status) ? readFailure(body, verdict, status) : undefined
  })
}

const isNotFound = (rawStatus: string): boolean => /^not[\s_-]?found$/i.test(rawStatus)

const rawStatusOf = (body: JsonObject): string => firstStringAt(body, "data.status")?.trim() ?? ""

/** How a task has ended that a response without the code of success is about. Undefined if it is about the query. */
const failedStatusOf = (body: JsonObject, { code }: Verdict): TaskStatus | undefined => {
  const rawStatus = rawStatusOf(body)
  const meaning = meaningOf(code)
  if (rawStatus === "" || isNotFound(rawStatus) || meaning?.error === "RateLimited") return undefined
  const status = statusOf(rawStatus)
  if (hasFailed(status)) return status
  // Volcengine's own codes have five digits. A code that copies an HTTP status is about the query.
  const isDone = /^done$/i.test(rawStatus) && /^\d{5}$/.test(code)
  return isDone || meaning?.failure !== undefined ? "failed" : undefined
}

/** Decodes a task that has failed in a response without the code of success, which means the same in HTTP 200, 4xx and 5xx. */
export const decodeError = (body: JsonObject): QueryOutcome | undefined => {
  const verdict = readVerdict(body)
  const status = verdict.isSuccess ? undefined : failedStatusOf(body, verdict)
  return status && toSnapshot(body, verdict, status)
}

/** Statuses with which a relay has created nothing. */
const isRejection = (status: number): boolean =>
  status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)

export const errors: ErrorFormat = {
  read: (body, { status }, operation) => {
    const verdict = readVerdict(body)
    const { code, isGateway, isSuccess, requestId } = verdict
    const hasCode = code !== "" || isGateway
    if (!hasCode && status < 400) {
      const { message = "The response has no code" } = readErrorDetail(body)
      return { _tag: "UnexpectedResponse", path: "code", message, requestId }
    }
    // Also the status of tasks whose record was deleted, 12 hours after they started.
    if (isNotFound(rawStatusOf(body))) return { _tag: "TaskNotFound", ...errorDetail(verdict) }
    if (isSuccess || (operation === "query" && failedStatusOf(body, verdict) !== undefined)) return undefined
    const meaning = meaningOf(code)
    const error = hasCode ? errorDetail(verdict) : readErrorDetail(body)
    // Relays have codes of their own for an empty account, in HTTP 403.
    const isInvalid = meaning === undefined ? isRejection(status) : meaning.error === "InvalidRequest"
    if (isInvalid && classifyFailure(error.code, error.message)?.reason === "quota")
      return { _tag: "InsufficientCredits", ...error }
    if (!isGateway || meaning !== undefined) return error
    return status < 400
      ? { _tag: "UnexpectedResponse", path: "ResponseMetadata.Error", ...error }
      : { ...error, submit: isRejection(status) ? "rejected" : undefined }
  },
  codes
}

/** Decodes a task in any of the three envelopes: first by the code, and then by the task's status. */
export const decode = (body: JsonObject): QueryOutcome => {
  const failed = decodeError(body)
  if (failed !== undefined) return failed
  const verdict = readVerdict(body)
  const rawStatus = rawStatusOf(body)
  return rawStatus === ""
    ? queryError({ _tag: "UnexpectedResponse", path: "data.status", ...errorDetail(verdict) })
    : toSnapshot(body, verdict, statusOf(rawStatus))
}

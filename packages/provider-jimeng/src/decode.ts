import {
  asHttpUrl,
  errorFromCode,
  errorFromStatus,
  firstInstantAt,
  firstStringAt,
  hasFailed,
  percent,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable
} from "@gentask/core/provider"
import type {
  FailureDraft,
  OutputDraft,
  QueryOutcome,
  ResponseHead,
  SnapshotDraft,
  StatusWords,
  TaskStatus
} from "@gentask/core/provider"
import { meaningOf } from "./codes.ts"
import { errorDetail, readVerdict } from "./verdict.ts"
import type { Verdict } from "./verdict.ts"
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

const readOutputs = (task: JimengTask): Pick<SnapshotDraft, "outputs" | "warnings"> => {
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
const readTagged = ({ aigc_meta_tagged }: JimengTask): boolean | undefined =>
  typeof aigc_meta_tagged === "boolean" ? aigc_meta_tagged : undefined

/** The code of success is that of the query. The reason of the failure is in the task, or in the message around it. */
const readReason = (body: JimengResponse): FailureDraft => ({
  message: readErrorDetail(body).message,
  ...readErrorDetail(body.data)
})

const readFailure = (body: JimengResponse, verdict: Verdict, status: TaskStatus): FailureDraft => ({
  // The vendor documents `expired` as "Please try to submit the task again".
  ...(status === "expired" ? { canResubmit: true } : meaningOf(verdict.code)?.failure),
  ...(verdict.isSuccess ? readReason(body) : {}),
  ...errorDetail(verdict)
})

const toSnapshot = (body: JimengResponse, verdict: Verdict, status: TaskStatus): QueryOutcome => {
  const task: JimengTask = body.data ?? {}
  return snapshot({
    status,
    rawStatus: task.status,
    progress: percent(task["progress"]),
    createdAt: firstInstantAt(task, "submit_time"),
    completedAt: firstInstantAt(task, "finish_time"),
    ...(status === "succeeded" ? { ...readOutputs(task), aigcMetaTagged: readTagged(task) } : {}),
    failure: hasFailed(status) ? readFailure(body, verdict, status) : undefined
  })
}

const isNotFound = (rawStatus: string): boolean => /^not[\s_-]?found$/i.test(rawStatus)

const taskNotFound = (verdict: Verdict): QueryOutcome =>
  queryError({ _tag: "TaskNotFound", ...errorDetail(verdict) })

/** Decodes a response without the code of success, which means the same in HTTP 200, 4xx and 5xx. */
export const decodeError = (body: JimengResponse, head: ResponseHead): QueryOutcome | undefined => {
  const verdict = readVerdict(body)
  if (verdict.isSuccess) return undefined
  const rawStatus = body.data?.status?.trim() ?? ""
  if (isNotFound(rawStatus)) return taskNotFound(verdict)
  const meaning = meaningOf(verdict.code)
  if (meaning?.error !== "RateLimited") {
    const status = statusOf(rawStatus)
    if (hasFailed(status)) return toSnapshot(body, verdict, status)
    // Volcengine's own codes have five digits. A code that copies an HTTP status is about the query.
    const isDone = /^done$/i.test(rawStatus) && /^\d{5}$/.test(verdict.code)
    if (isDone || meaning?.failure !== undefined) return toSnapshot(body, verdict, "failed")
  }
  const detail = errorDetail(verdict)
  if (meaning?.error !== undefined) return queryError({ _tag: meaning.error, ...detail })
  if (!verdict.isGateway) return undefined
  const path = "ResponseMetadata.Error"
  return queryError(errorFromStatus(head.status, detail) ?? { _tag: "UnexpectedResponse", path, ...detail })
}

/** Decodes a task in any of the three envelopes: first by the code, and then by the task's status. */
export const decode = (body: JimengResponse, head: ResponseHead): QueryOutcome => {
  const error = decodeError(body, head)
  if (error !== undefined) return error
  const verdict = readVerdict(body)
  const detail = errorDetail(verdict)
  if (verdict.code === "") {
    const message = detail.message ?? "The response has no code"
    return queryError({ _tag: "UnexpectedResponse", path: "code", ...detail, code: undefined, message })
  }
  if (!verdict.isSuccess) return queryError(errorFromCode(verdict.code, detail))
  const rawStatus = body.data?.status?.trim() ?? ""
  if (rawStatus === "") return queryError({ _tag: "UnexpectedResponse", path: "data.status", ...detail })
  // Also the status of tasks whose record was deleted, 12 hours after they started.
  return isNotFound(rawStatus) ? taskNotFound(verdict) : toSnapshot(body, verdict, statusOf(rawStatus))
}

/** What an answer in the Jimeng official format means. */
import { fault, faultOfCode, faultOfStatus, percent, snapshot, statusTable } from "@gentask/core/provider"
import type {
  Fault,
  FaultDetail,
  HttpAnswer,
  Outcome,
  OutputDraft,
  StatusWords,
  TaskStatus
} from "@gentask/core/provider"
import { gatewayStatus, troubles, verdicts } from "./codes.ts"
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

const accepted: ReadonlySet<string> = new Set(["10000", "success"])

const isLink = (text: string | null | undefined): boolean => /^https?:\/\//i.test(text ?? "")

const readOutputs = (task: JimengTask): ReadonlyArray<OutputDraft> => [
  ...(task.image_urls ?? []).map((url) => ({ kind: "image" as const, url })),
  ...(task.binary_data_base64 ?? []).map((base64) => ({ kind: "image" as const, base64 })),
  { kind: "video", url: task.video_url },
  // The gateway's route of this format serves videos; its old rows keep the link of a success in `fail_reason`.
  { kind: "video", url: task.result_url || (isLink(task.fail_reason) ? task.fail_reason : undefined) }
]

const codeOf = (body: JimengResponse): string => String(body.code ?? "")

/** The vendor's words about what went wrong: the message of a good answer ("Success") is about the question alone. */
const readDetail = (body: JimengResponse): FaultDetail => {
  const code = codeOf(body)
  const requestId = body.request_id
  return accepted.has(code) ? { requestId } : { code, message: body.message, requestId }
}

/** A fault of Volcengine's gateway, which stands in an envelope of its own and never speaks about a task. */
const readGatewayError = (body: JimengResponse, http: HttpAnswer): Fault | undefined => {
  const { Error: error, RequestId: requestId } = body.ResponseMetadata ?? {}
  if (error == null) return undefined
  const code = String(error.Code ?? "")
  const detail = { code, message: error.Message, requestId }
  const status = gatewayStatus.get(code) ?? http.status
  return (
    faultOfStatus(status, detail) ?? { _tag: "UnexpectedResponse", path: "ResponseMetadata.Error", ...detail }
  )
}

const toSnapshot = (body: JimengResponse, task: JimengTask, status: TaskStatus): Outcome =>
  snapshot({
    status,
    rawStatus: task.status,
    progress: percent(task.progress),
    createdAt: task.submit_time,
    completedAt: task.finish_time,
    outputs: status === "succeeded" ? readOutputs(task) : [],
    failure: {
      // "Please try to submit the task again" is what the vendor says of `expired`.
      ...(status === "expired" ? { resubmit: true } : verdicts.get(codeOf(body))),
      ...readDetail(body),
      ...(task.fail_reason ? { message: task.fail_reason } : {})
    }
  })

/** How a task ended that an answer with another code than success is about; undefined where it is about no task. */
const readVerdict = (code: string, word: string, status: TaskStatus): TaskStatus | undefined => {
  if (status === "failed" || status === "canceled" || status === "expired") return status
  return (word === "done" && code !== "") || verdicts.has(code) ? "failed" : undefined
}

/** Judges by the code first and by the task's status then; undefined where neither says anything. */
const judge = (body: JimengResponse, http: HttpAnswer): Outcome | undefined => {
  const gatewayError = readGatewayError(body, http)
  if (gatewayError !== undefined) return fault(gatewayError)
  const code = codeOf(body)
  const task: JimengTask = body.data ?? {}
  const word = task.status?.trim().toLowerCase() ?? ""
  // Also what is left of a task whose record has gone, 12 hours after it began.
  if (word === "not_found" || code === "task_not_exist")
    return fault({ _tag: "TaskNotFound", ...readDetail(body) })
  const status = statusOf(word)
  if (accepted.has(code)) return word === "" ? undefined : toSnapshot(body, task, status)
  const verdict = readVerdict(code, word, status)
  const trouble = troubles.get(code)
  if (verdict !== undefined && trouble !== "RateLimited") return toSnapshot(body, task, verdict)
  return trouble && fault({ _tag: trouble, ...readDetail(body) })
}

/** Reads a task, in whichever of the three envelopes it is. */
export const interpret = (body: JimengResponse, http: HttpAnswer): Outcome => {
  const outcome = judge(body, http)
  if (outcome !== undefined) return outcome
  const detail = readDetail(body)
  const code = codeOf(body)
  return fault(
    accepted.has(code)
      ? { _tag: "UnexpectedResponse", path: "data.status", ...detail }
      : faultOfCode(code, detail)
  )
}

/** Reads the failures and faults that come with HTTP 4xx and 5xx; a success there is left to the HTTP status. */
export const interpretError = (body: JimengResponse, http: HttpAnswer): Outcome | undefined =>
  accepted.has(codeOf(body)) ? undefined : judge(body, http)

import {
  classifyFailure,
  codeTable,
  errorFromCode,
  firstInstantAt,
  firstStringAt,
  hasFailed,
  parseEmbeddedJson,
  percent,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable,
  tryParseJson
} from "@gentask/core/provider"
import type {
  FailureDraft,
  QueryOutcome,
  SnapshotDraft,
  StatusWords,
  TaskStatus
} from "@gentask/core/provider"
import { codeOf, reasonOf } from "./errorReason.ts"
import type { AigptimageRecord, AigptimageResponse } from "./wire.ts"

// The vendor documents `waiting` as "pending or processing". `queuing` and `generating` are kie.ai's, and so are
// `running` and `failed`, which only its clients mention.
const states: StatusWords = {
  queued: ["queuing"],
  running: ["waiting", "generating", "running"],
  succeeded: ["success"],
  failed: ["fail", "failed"]
}

/** The values of `successFlag`, which a Veo task of kie.ai has instead of a state. */
const flags: StatusWords = { running: ["0"], succeeded: ["1"], failed: ["2", "3"] }

const allWords = (status: TaskStatus): ReadonlyArray<string> =>
  [states, flags].flatMap((words) => words[status] ?? [])

/** The words of both. */
export const statuses: StatusWords = {
  queued: allWords("queued"),
  running: allWords("running"),
  succeeded: allWords("succeeded"),
  failed: allWords("failed")
}

const statusOf = (record: AigptimageRecord): TaskStatus =>
  statusTable(record.state ? states : flags)(stateOf(record))

// `failCode` repeats the platform's error codes. Not 400, which the vendor also shows for a rejected image.
const failures = codeTable([
  { codes: [402], failure: { reason: "quota" } },
  { codes: [408], failure: { reason: "timeout" } },
  { codes: [422], failure: { reason: "invalid-input" } },
  { codes: [500, 501], failure: { reason: "upstream" } }
])

/** The record is more specific than the envelope, and its message than its code: 422 also stands for rejected content. */
const readFailure = (body: AigptimageResponse): FailureDraft => {
  const { code, message } = { ...readErrorDetail(body), ...readErrorDetail(body.data) }
  return { ...(classifyFailure(message) ?? failures(code)?.failure), code, message }
}

/** What is wrong with the members that contain JSON as text. */
const readWarnings = (
  { param, resultJson }: AigptimageRecord,
  hasOutputs: boolean
): ReadonlyArray<string> => {
  const warnings: Array<string> = []
  if (parseEmbeddedJson(param) === null) warnings.push("Ignored param: it is not a JSON object.")
  if (parseEmbeddedJson(resultJson) === null && !hasOutputs) {
    warnings.push("Ignored resultJson: it is not a JSON object.")
  } else if (
    typeof resultJson === "string" &&
    /^\s*\{/.test(resultJson) &&
    tryParseJson(resultJson) === undefined
  ) {
    warnings.push("resultJson is not valid JSON. What follows its first object was ignored.")
  }
  return warnings
}

/** The state of a record, which Veo has as a number. */
const stateOf = ({ state, successFlag }: AigptimageRecord): string | undefined =>
  state || (successFlag == null ? undefined : String(successFlag).trim() || undefined)

/** What kie.ai charged. */
const costOf = (record: AigptimageRecord): SnapshotDraft["cost"] => {
  const amount = record["creditsConsumed"]
  return typeof amount === "number" ? { amount, unit: "credits" } : undefined
}

const toSnapshot = (body: AigptimageResponse, record: AigptimageRecord, state: string): QueryOutcome => {
  const status = statusOf(record)
  const outputs = readMedia(record, { kind: record.successFlag == null ? "image" : "video" })
  const param = parseEmbeddedJson(record["param"])
  const veoParam = parseEmbeddedJson(record["paramJson"])
  const createdAt = firstInstantAt(record, "createTime")
  const endedAt = Number(createdAt) + Number(record["costTime"] || Number.NaN)
  return snapshot({
    status,
    rawStatus: state,
    progress: percent(record["progress"]),
    model: firstStringAt(record, "model") ?? firstStringAt(veoParam, "model"),
    prompt: firstStringAt(param, "input.prompt") ?? firstStringAt(veoParam, "prompt"),
    createdAt,
    updatedAt: firstInstantAt(record, "updateTime"),
    completedAt: firstInstantAt(record, "completeTime") ?? (Number.isNaN(endedAt) ? undefined : endedAt),
    outputs,
    failure: hasFailed(status) ? readFailure(body) : undefined,
    warnings: readWarnings(record, outputs.length > 0),
    cost: costOf(record)
  })
}

/** Decodes a code other than 200, which means the same in HTTP 200 and with its own HTTP status. */
export const decodeError = (body: AigptimageResponse): QueryOutcome | undefined => {
  const code = codeOf(body)
  if (code === "200") return undefined
  const state = body.data && stateOf(body.data)
  // The record is more specific than the code around it.
  if (body.data && state && hasFailed(statusOf(body.data))) return toSnapshot(body, body.data, state)
  const detail = { ...readErrorDetail(body), code }
  // kie.ai: "Content generation task failed", and "Failed to fetch the image" of Veo, so retrying does not help.
  if (code === "501" || code === "451") return snapshot({ status: "failed", failure: readFailure(body) })
  // kie.ai's response for an unknown task, and for one that it has just accepted.
  if (code === "422" && /record(?:info)? is null/i.test(detail.message ?? "")) {
    return queryError({ _tag: "TaskNotFound", ...detail })
  }
  const reason = reasonOf(body)
  return reason && queryError(reason)
}

/** Decodes a record. The HTTP status and the code are those of the query. The task's status is its `state`. */
export const decode = (body: AigptimageResponse): QueryOutcome => {
  const code = codeOf(body)
  if (code !== "200") return decodeError(body) ?? queryError(errorFromCode(code, readErrorDetail(body)))
  const state = body.data && stateOf(body.data)
  if (body.data && state) return toSnapshot(body, body.data, state)
  const { message = "The record has no state" } = readErrorDetail(body)
  return queryError({ _tag: "UnexpectedResponse", path: "data.state", message })
}

/** How a record is read. See https://aigptimage.com/docs/tasks/create-task, and https://docs.kie.ai/market/common/get-task-detail */
import {
  classifyFailure,
  codeTable,
  firstInstantAt,
  firstStringAt,
  hasFailed,
  objectAt,
  parseEmbeddedJson,
  percent,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  tryParseJson
} from "@gentask/core/provider"
import type { FailureDraft, JsonObject, QueryOutcome, SnapshotDraft } from "@gentask/core/provider"
import { isAboutTask } from "./errors.ts"
import { stateOf, statusOf } from "./statuses.ts"

// `failCode` repeats the platform's error codes. Not 400, which the vendor also shows for a rejected image.
const failures = codeTable([
  { codes: [402], failure: { reason: "quota" } },
  { codes: [408], failure: { reason: "timeout" } },
  { codes: [422], failure: { reason: "invalid-input" } },
  { codes: [500, 501], failure: { reason: "upstream" } }
])

/** The record is more specific than the envelope, and its message than its code: 422 also stands for rejected content. */
const readFailure = (body: JsonObject): FailureDraft => {
  const { code, message } = { ...readErrorDetail(body), ...readErrorDetail(body["data"]) }
  return { ...(classifyFailure(message) ?? failures(code)?.failure), code, message }
}

/** What is wrong with the members that contain JSON as text. */
const readWarnings = ({ param, resultJson }: JsonObject, hasOutputs: boolean): ReadonlyArray<string> => {
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

/** What kie.ai charged. */
const costOf = (record: JsonObject): SnapshotDraft["cost"] => {
  const amount = record["creditsConsumed"]
  return typeof amount === "number" ? { amount, unit: "credits" } : undefined
}

const toSnapshot = (body: JsonObject, record: JsonObject, state: string): QueryOutcome => {
  const status = statusOf(record)
  const outputs = readMedia(record, { kind: record["successFlag"] == null ? "image" : "video" })
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

/** Decodes the failure of a task in a response with a code other than 200, which may have its own HTTP status. */
export const decodeError = (body: JsonObject): QueryOutcome | undefined => {
  if (!isAboutTask(body)) return undefined
  const record = objectAt(body, "data")
  const state = stateOf(record)
  // The record is more specific than the code around it.
  return record !== undefined && state !== undefined
    ? toSnapshot(body, record, state)
    : snapshot({ status: "failed", failure: readFailure(body) })
}

/** Decodes a record. The HTTP status and the code are those of the query. The task's status is its `state`. */
export const decode = (body: JsonObject): QueryOutcome => {
  const failed = decodeError(body)
  if (failed !== undefined) return failed
  const record = objectAt(body, "data")
  const state = stateOf(record)
  if (record !== undefined && state !== undefined) return toSnapshot(body, record, state)
  const { message = "The record has no state" } = readErrorDetail(body)
  return queryError({ _tag: "UnexpectedResponse", path: "data.state", message })
}

import {
  codeTable,
  errorFromCode,
  errorFromHttpCode,
  kindFromUrl,
  percent,
  queryError,
  snapshot
} from "@gentask/core/provider"
import type {
  ErrorDetail,
  FailureDraft,
  OutputDraft,
  QueryOutcome,
  StatusWords
} from "@gentask/core/provider"
import type { AigptimageRecord, AigptimageResponse } from "./wire.ts"

// The vendor documents `waiting` as "pending or processing". `queuing` and `generating` are kie.ai's.
export const statuses: StatusWords = {
  queued: ["queuing"],
  running: ["waiting", "generating"],
  succeeded: ["success"],
  failed: ["fail"]
}

// `failCode` repeats the platform's error codes. Not 400, which the vendor also shows for a rejected image.
const failures = codeTable([
  { codes: [402], failure: { reason: "quota" } },
  { codes: [408], failure: { reason: "timeout" } },
  { codes: [422], failure: { reason: "invalid-input" } },
  { codes: [500, 501], failure: { reason: "upstream" } }
])

const toFailure = (
  code: string | number | null | undefined,
  message: string | null | undefined
): FailureDraft => {
  const text = message ?? ""
  if (/content polic|safety|moderation/i.test(text)) return { reason: "moderation", code, message }
  // Failed and canceled tasks have the same state, so that only the message distinguishes them.
  if (/\bcancell?ed\b/i.test(text)) return { reason: "canceled", code, message }
  return { ...failures(code)?.failure, code, message }
}

/** Reads the URLs of a result, under any of their names. Only `audioUrl` names its kind. kie.ai also serves videos. */
const readOutputs = ({ resultJson: result }: AigptimageRecord): ReadonlyArray<OutputDraft> => {
  const urls = [
    ...(result?.resultUrls ?? []),
    ...(result?.response?.resultUrls ?? []),
    ...(result?.images ?? []),
    result?.resultImageUrl,
    result?.url
  ]
  return [
    ...urls.map((url): OutputDraft => ({ kind: kindFromUrl(url ?? "") ?? "image", url })),
    { kind: "audio", url: result?.audioUrl }
  ]
}

const readErrorDetail = (body: AigptimageResponse): ErrorDetail & { readonly code: string } => ({
  code: String(body.code ?? "200"),
  message: body.msg ?? body.message
})

/** Decodes a documented code other than 200, which means the same in HTTP 200 and with its own HTTP status. */
export const decodeError = (body: AigptimageResponse): QueryOutcome | undefined => {
  const detail = readErrorDetail(body)
  // kie.ai: "Content generation task failed", so retrying does not help.
  if (detail.code === "501") {
    return snapshot({ status: "failed", failure: toFailure(detail.code, detail.message) })
  }
  if (detail.code === "505") return queryError({ _tag: "Forbidden", ...detail })
  // kie.ai's response for an unknown task, and for one that it has just accepted.
  if (detail.code === "422" && /recordinfo is null/i.test(detail.message ?? "")) {
    return queryError({ _tag: "TaskNotFound", ...detail })
  }
  const retryAfter = body.data?.retryAfter ?? undefined
  const retryAfterMs = retryAfter === undefined ? undefined : retryAfter * 1000
  const reason = errorFromHttpCode(detail.code, { ...detail, retryAfterMs })
  return reason && queryError(reason)
}

const invalidJsonWarning = (name: string, parsed: unknown): ReadonlyArray<string> =>
  parsed === null ? [`Ignored ${name}: it is not a JSON object.`] : []

/** Decodes a record. A successful HTTP status and code say nothing about the task. Its `state` does. */
export const decode = (body: AigptimageResponse): QueryOutcome => {
  const detail = readErrorDetail(body)
  if (detail.code !== "200") return decodeError(body) ?? queryError(errorFromCode(detail.code, detail))
  const record = body.data
  if (!record?.state) {
    return queryError({ _tag: "UnexpectedResponse", path: "data.state", message: "The record has no state" })
  }
  const { createTime, costTime, param, resultJson } = record
  return snapshot({
    rawStatus: record.state,
    progress: percent(record.progress),
    model: record.model,
    prompt: param?.input?.prompt,
    createdAt: createTime,
    updatedAt: record.updateTime,
    completedAt: record.completeTime || (createTime && costTime ? createTime + costTime : undefined),
    outputs: readOutputs(record),
    failure: toFailure(record.failCode, record.failMsg),
    warnings: [...invalidJsonWarning("param", param), ...invalidJsonWarning("resultJson", resultJson)]
  })
}

/** What an answer of AI GPT Image means. */
import {
  codeTable,
  queryError,
  errorFromCode,
  errorFromHttpCode,
  kindOfLink,
  percent,
  snapshot
} from "@gentask/core/provider"
import type {
  FailureDraft,
  ErrorDetail,
  QueryOutcome,
  OutputDraft,
  StatusWords
} from "@gentask/core/provider"
import type { AigptimageRecord, AigptimageResponse } from "./wire.ts"

// `waiting` is "pending or processing" to the vendor; the words in between are kie.ai's.
export const statuses: StatusWords = {
  queued: ["queuing"],
  running: ["waiting", "generating"],
  succeeded: ["success"],
  failed: ["fail"]
}

// `failCode` repeats the platform's error codes. Not 400, which the vendor shows for a refused image too.
const failures = codeTable([
  { codes: [402], failure: { reason: "quota" } },
  { codes: [408], failure: { reason: "timeout" } },
  { codes: [422], failure: { reason: "invalid-input" } },
  { codes: [500, 501], failure: { reason: "upstream" } }
])

const readFailure = (
  code: string | number | null | undefined,
  message: string | null | undefined
): FailureDraft => {
  const words = message ?? ""
  if (/content polic|safety|moderation/i.test(words)) return { reason: "moderation", code, message }
  // One state stands for a task that failed and for one that was canceled, so the words must tell.
  if (/\bcancell?ed\b/i.test(words)) return { reason: "canceled", code, message }
  return { ...failures(code)?.failure, code, message }
}

/** The links of a result, under whatever name. Only `audioUrl` says what it leads to; kie.ai serves videos too. */
const readOutputs = ({ resultJson: made }: AigptimageRecord): ReadonlyArray<OutputDraft> => {
  const links = [
    ...(made?.resultUrls ?? []),
    ...(made?.response?.resultUrls ?? []),
    ...(made?.images ?? []),
    made?.resultImageUrl,
    made?.url
  ]
  return [
    ...links.map((url): OutputDraft => ({ kind: kindOfLink(url ?? "") ?? "image", url })),
    { kind: "audio", url: made?.audioUrl }
  ]
}

const readDetail = (body: AigptimageResponse): ErrorDetail & { readonly code: string } => ({
  code: String(body.code ?? "200"),
  message: body.msg ?? body.message
})

/** What a documented code other than 200 says, which is the same inside HTTP 200 and with its own HTTP status. */
export const refuse = (body: AigptimageResponse): QueryOutcome | undefined => {
  const detail = readDetail(body)
  // kie.ai: "Content generation task failed", which is no 5xx to wait out.
  if (detail.code === "501") {
    return snapshot({ status: "failed", failure: readFailure(detail.code, detail.message) })
  }
  if (detail.code === "505") return queryError({ _tag: "Forbidden", ...detail })
  // kie.ai's answer about an unknown task, and about one that it has just taken.
  if (detail.code === "422" && /recordinfo is null/i.test(detail.message ?? "")) {
    return queryError({ _tag: "TaskNotFound", ...detail })
  }
  const seconds = body.data?.retryAfter ?? undefined
  const copied = errorFromHttpCode(detail.code, { ...detail, retryAfter: seconds && seconds * 1000 })
  return copied && queryError(copied)
}

const unread = (name: string, unpacked: unknown): ReadonlyArray<string> =>
  unpacked === null ? [`${name} was not read: it holds no JSON object.`] : []

/** Reads a record. A good HTTP status and a good code say nothing about the task: its `state` does. */
export const interpret = (body: AigptimageResponse): QueryOutcome => {
  const detail = readDetail(body)
  if (detail.code !== "200") return refuse(body) ?? queryError(errorFromCode(detail.code, detail))
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
    failure: readFailure(record.failCode, record.failMsg),
    warnings: [...unread("param", param), ...unread("resultJson", resultJson)]
  })
}

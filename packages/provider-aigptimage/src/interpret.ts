/** What an answer of AI GPT Image means. */
import { fault, faultOfCode, faultOfStatus, jsonText, percent, snapshot } from "@gentask/core/provider"
import type { FailureDraft, FailureReason, FaultDetail, Outcome, StatusWords } from "@gentask/core/provider"
import type * as z from "zod"
import { readOutputs } from "./outputs.ts"
import { parameters, result } from "./wire.ts"
import type { AigptimageResponse } from "./wire.ts"

// `waiting` is "pending or processing" to the vendor; the words in between are kie.ai's.
export const statuses: StatusWords = {
  queued: ["queuing"],
  running: ["waiting", "generating"],
  succeeded: ["success"],
  failed: ["fail"]
}

// `failCode` repeats the platform's error codes. Not 400, which the vendor shows for a refused image too.
const reasons: ReadonlyMap<string, FailureReason> = new Map([
  ["402", "quota"],
  ["408", "timeout"],
  ["422", "invalid-input"],
  ["500", "upstream"],
  ["501", "upstream"]
])

const reasonOf = (code: string, message: string): FailureReason | undefined => {
  if (/content polic|safety|moderation/i.test(message)) return "moderation"
  // One state stands for a task that failed and for one that was canceled, so the words must tell.
  return /\bcancell?ed\b/i.test(message) ? "canceled" : reasons.get(code)
}

const readFailure = (
  code: string | number | null | undefined,
  message: string | null | undefined
): FailureDraft => ({
  reason: reasonOf(String(code ?? ""), message ?? ""),
  code,
  message
})

/** Reads JSON that the vendor packs into a text; what cannot be read is told in `warnings`. */
const unpack = <A>(
  schema: z.ZodType<A>,
  name: string,
  packed: unknown,
  warnings: Array<string>
): A | undefined => {
  if (packed === null || packed === undefined || packed === "") return undefined
  const read = schema.safeParse(typeof packed === "string" ? jsonText(packed) : packed)
  if (!read.success) warnings.push(`${name} was not read: it holds no JSON object.`)
  return read.data
}

const readDetail = (body: AigptimageResponse): FaultDetail & { readonly code: string } => ({
  code: String(body.code ?? "200"),
  message: body.msg ?? body.message
})

/** What a documented code other than 200 says; undefined for any other. */
const readRefusal = (body: AigptimageResponse): Outcome | undefined => {
  const detail = readDetail(body)
  const { code } = detail
  const message = detail.message ?? ""
  // kie.ai: "Content generation task failed", which is no 5xx to wait out.
  if (code === "501") return snapshot({ status: "failed", failure: readFailure(code, message) })
  if (code === "505") return fault({ _tag: "Forbidden", ...detail })
  // kie.ai's answer about an unknown task, and about one that it has just taken.
  if (code === "422" && /recordinfo is null/i.test(message)) return fault({ _tag: "TaskNotFound", ...detail })
  if (!/^[45]\d\d$/.test(code)) return undefined
  const seconds = body.data?.retryAfter ?? undefined
  const reason = faultOfStatus(Number(code), { ...detail, retryAfter: seconds && seconds * 1000 })
  return reason && fault(reason)
}

/** Reads a record. A good HTTP status and a good code say nothing about the task: its `state` does. */
export const interpret = (body: AigptimageResponse): Outcome => {
  const detail = readDetail(body)
  if (detail.code !== "200") {
    return readRefusal(body) ?? fault(faultOfCode(detail.code, detail))
  }
  const record = body.data
  if (!record?.state) {
    return fault({ _tag: "UnexpectedResponse", path: "data.state", message: "The record has no state" })
  }
  const warnings: Array<string> = []
  const asked = unpack(parameters, "param", record.param, warnings)
  const made = unpack(result, "resultJson", record.resultJson, warnings)
  const { createTime, costTime } = record
  return snapshot({
    rawStatus: record.state,
    progress: percent(record.progress),
    model: record.model,
    prompt: asked?.input?.prompt,
    createdAt: createTime,
    updatedAt: record.updateTime,
    completedAt: record.completeTime || (createTime && costTime ? createTime + costTime : undefined),
    outputs: readOutputs(made),
    failure: readFailure(record.failCode, record.failMsg),
    warnings
  })
}

/** Reads the errors, whose HTTP status is their code: the wait that a rate limit asks for stands in the body. */
export const interpretError = (body: AigptimageResponse): Outcome | undefined => readRefusal(body)

/** How a task is read. See https://www.alibabacloud.com/help/en/model-studio/manage-asynchronous-tasks */
import {
  amountAt,
  codeTable,
  firstStringAt,
  hasFailed,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable,
  valueAt
} from "@gentask/core/provider"
import type { Amount, OutputDraft, QueryOutcome, SnapshotDraft, StatusWords } from "@gentask/core/provider"
import { errorDetail } from "./wire.ts"
import type { AnyResponse, DashscopeResponse } from "./wire.ts"

export const statuses: StatusWords = {
  queued: ["PENDING"],
  running: ["RUNNING"],
  succeeded: ["SUCCEEDED"],
  failed: ["FAILED"],
  canceled: ["CANCELED"]
}
const statusOf = statusTable(statuses)

/** Codes whose HTTP status says less. See https://www.alibabacloud.com/help/en/model-studio/error-code */
export const codes = codeTable([
  { codes: ["Arrearage", "AllocationQuota.FreeTierOnly"], error: "InsufficientCredits" }
])

/** Decodes a documented error whose HTTP status says less. */
export const decodeError = (body: AnyResponse): QueryOutcome | undefined => {
  const detail = errorDetail(body)
  const tag = codes(detail.code)?.error
  return tag && queryError({ _tag: tag, ...detail })
}

/** The vendor writes times without a zone. Its events show that they are those of China. */
export const instantAt = (output: unknown, name: string): string | undefined => {
  const text = firstStringAt(output, name)
  return text !== undefined && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/.test(text)
    ? `${text.replace(" ", "T")}+08:00`
    : text
}

/** What the vendor charges by: seconds of video, or images. */
const costOf = (body: AnyResponse): Amount | undefined => {
  for (const [path, unit] of [
    ["usage.duration", "seconds"],
    ["usage.video_duration", "seconds"],
    ["usage.image_count", "images"]
  ] as const) {
    const cost = amountAt(body, path, unit)
    if (cost !== undefined && cost.amount > 0) return cost
  }
  return undefined
}

const readList = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

const readOutputs = (output: unknown): ReadonlyArray<OutputDraft> => [
  ...readMedia(valueAt(output, "video_url"), { kind: "video" }),
  // A list of images, or an object with a video.
  ...readMedia(valueAt(output, "results"), { kind: "image" }),
  ...readMedia(valueAt(output, "image_url"), { kind: "image" }),
  ...readMedia(valueAt(output, "output_image_url"), { kind: "image" }),
  ...readList(valueAt(output, "choices")).flatMap((choice) =>
    readMedia(valueAt(choice, "message.content"), { kind: "image" })
  )
]

/** A task succeeds if one of its outputs does. The others have an error each. */
const readWarnings = (output: unknown): ReadonlyArray<string> =>
  readList(valueAt(output, "results")).flatMap((result) => {
    const { code, message } = readErrorDetail(result)
    return code === undefined ? [] : [`An output failed with ${code}: ${message ?? "no message"}`]
  })

/** Reads what a success contains. */
export const readResult = (body: AnyResponse): Pick<SnapshotDraft, "outputs" | "warnings" | "cost"> => {
  const output = valueAt(body, "output")
  return { outputs: readOutputs(output), warnings: readWarnings(output), cost: costOf(body) }
}

export const decode = (body: DashscopeResponse): QueryOutcome => {
  const { output } = body
  const detail = errorDetail(body)
  if (!output?.task_status) {
    const { message = "The task has no status" } = detail
    const reason = { _tag: "UnexpectedResponse", path: "output.task_status", ...detail, message } as const
    return decodeError(body) ?? queryError(reason)
  }
  // Documented as "the task does not exist, or its status is unknown", also after 24 hours.
  if (output.task_status.trim().toUpperCase() === "UNKNOWN")
    return queryError({ _tag: "TaskNotFound", ...detail })
  const status = statusOf(output.task_status)
  return snapshot({
    rawStatus: output.task_status,
    prompt: firstStringAt(output, "orig_prompt"),
    createdAt: instantAt(output, "submit_time"),
    completedAt: instantAt(output, "end_time"),
    ...(status === "succeeded" ? readResult(body) : {}),
    failure: hasFailed(status) ? detail : undefined
  })
}

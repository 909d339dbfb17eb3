/** How a task is read. See https://www.alibabacloud.com/help/en/model-studio/manage-asynchronous-tasks */
import {
  amountAt,
  firstStringAt,
  listAt,
  queryError,
  readErrorDetail,
  readMedia,
  snapshot,
  statusTable,
  unexpectedResponse,
  valueAt
} from "@gentask/core/provider"
import type {
  Amount,
  JsonObject,
  OutputDraft,
  QueryOutcome,
  SnapshotDraft,
  StatusWords
} from "@gentask/core/provider"

export const statuses: StatusWords = {
  queued: ["PENDING"],
  running: ["RUNNING"],
  succeeded: ["SUCCEEDED"],
  failed: ["FAILED"],
  canceled: ["CANCELED"]
}
const statusOf = statusTable(statuses)

/** The vendor writes times without a zone. Its events show that they are those of China. */
export const instantAt = (output: unknown, name: string): string | undefined => {
  const text = firstStringAt(output, name)
  return text !== undefined && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/.test(text)
    ? `${text.replace(" ", "T")}+08:00`
    : text
}

/** What the vendor charges by: seconds of video, or images. */
const costOf = (body: JsonObject): Amount | undefined =>
  [
    amountAt(body, "usage.duration", "seconds"),
    amountAt(body, "usage.video_duration", "seconds"),
    amountAt(body, "usage.image_count", "images")
  ].find((cost) => cost !== undefined && cost.amount > 0)

const readOutputs = (output: unknown): ReadonlyArray<OutputDraft> => [
  ...readMedia(valueAt(output, "video_url"), { kind: "video" }),
  // A list of images, or an object with a video.
  ...readMedia(valueAt(output, "results"), { kind: "image" }),
  ...readMedia(valueAt(output, "image_url"), { kind: "image" }),
  ...readMedia(valueAt(output, "output_image_url"), { kind: "image" }),
  ...listAt(output, "choices").flatMap((choice) =>
    readMedia(valueAt(choice, "message.content"), { kind: "image" })
  )
]

/** A task succeeds if one of its outputs does. The others have an error each. */
const readWarnings = (output: unknown): ReadonlyArray<string> =>
  listAt(output, "results").flatMap((result) => {
    const { code, message } = readErrorDetail(result)
    return code === undefined ? [] : [`An output failed with ${code}: ${message ?? "no message"}`]
  })

/** Reads what a success contains. */
export const readResult = (body: JsonObject): Pick<SnapshotDraft, "outputs" | "warnings" | "cost"> => {
  const output = valueAt(body, "output")
  return { outputs: readOutputs(output), warnings: readWarnings(output), cost: costOf(body) }
}

export const decode = (body: JsonObject): QueryOutcome => {
  const { output } = body
  const rawStatus = firstStringAt(output, "task_status")
  if (rawStatus === undefined)
    return queryError(unexpectedResponse(body, "output.task_status", "The task has no status"))
  const detail = { ...readErrorDetail(body), requestId: firstStringAt(body, "request_id") }
  // Documented as "the task does not exist, or its status is unknown", also after 24 hours.
  if (rawStatus.trim().toUpperCase() === "UNKNOWN") return queryError({ _tag: "TaskNotFound", ...detail })
  const status = statusOf(rawStatus)
  return snapshot({
    rawStatus,
    prompt: firstStringAt(output, "orig_prompt"),
    createdAt: instantAt(output, "submit_time"),
    completedAt: instantAt(output, "end_time"),
    ...(status === "succeeded" ? readResult(body) : {}),
    failure: detail
  })
}

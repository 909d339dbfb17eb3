/** How a task is read. See https://kling.ai/document-api/api/video/2-6/text-to-video */
import {
  firstInstantAt,
  firstStringAt,
  listAt,
  numberAt,
  queryError,
  snapshot,
  valueAt
} from "@gentask/core/provider"
import type {
  JsonObject,
  OutputDraft,
  OutputKind,
  QueryOutcome,
  ResponseHead,
  SnapshotDraft,
  StatusWords,
  TaskKey
} from "@gentask/core/provider"
import type { Params } from "./route.ts"

export const statuses: StatusWords = {
  queued: ["submitted"],
  running: ["processing"],
  succeeded: ["succeed", "succeeded"],
  failed: ["failed"]
}

/** The links of a result. Audio has one for each format. */
const linksOf = (kind: OutputKind, file: unknown): ReadonlyArray<OutputDraft> => [
  ...["url", "mp3_url", "url_mp3", "wav_url", "url_wav"].map((name) => ({
    kind,
    url: firstStringAt(file, name)
  })),
  { kind, role: "watermarked", url: firstStringAt(file, "watermark_url") }
]

const kinds: ReadonlyArray<OutputKind> = ["image", "video", "audio"]

const readOutputs = (task: unknown): ReadonlyArray<OutputDraft> => [
  ...kinds.flatMap((kind) =>
    [`${kind}s`, `series_${kind}s`].flatMap((name) =>
      listAt(task, `task_result.${name}`).flatMap((file) => linksOf(kind, file))
    )
  ),
  // Elements and voices are the vendor's own assets, and not media.
  ...listAt(task, "outputs").flatMap((output) => {
    const kind = kinds.find((each) => each === firstStringAt(output, "type")?.toLowerCase())
    return kind === undefined ? [] : linksOf(kind, output)
  })
]

/** What was charged: units of a resource pack, or money. Undefined for several charges in different units. */
const readCost = (task: unknown): SnapshotDraft["cost"] => {
  const billing = valueAt(task, "billing")
  const charges = Array.isArray(billing)
    ? billing.map((charge) => ({
        amount: numberAt(charge, "amount") ?? Number.NaN,
        unit: firstStringAt(charge, "currency") ?? "units"
      }))
    : [{ amount: numberAt(task, "final_unit_deduction") ?? Number.NaN, unit: "units" }]
  const unit = charges[0]?.unit
  if (unit === undefined || charges.some((charge) => charge.unit !== unit)) return undefined
  const amount = charges.reduce((sum, charge) => sum + charge.amount, 0)
  return Number.isFinite(amount) ? { amount, unit } : undefined
}

/** Returns what a response says about a task. Both forms have the same content. */
const toDraft = (task: unknown, requestId: string | undefined): SnapshotDraft => ({
  rawStatus: firstStringAt(task, "task_status", "status"),
  createdAt: firstInstantAt(task, "created_at", "create_time"),
  updatedAt: firstInstantAt(task, "updated_at", "update_time"),
  outputs: readOutputs(task),
  // The outer message is SUCCEED for a failed task too.
  failure: { message: firstStringAt(task, "task_status_msg", "message"), requestId },
  cost: readCost(task)
})

export const decode = (body: JsonObject, _head: ResponseHead, { id }: TaskKey<Params>): QueryOutcome => {
  const { data } = body
  const requestId = firstStringAt(body, "request_id")
  // A list has the tasks that were queried. The vendor documents no response for an unknown id.
  const task: unknown = Array.isArray(data)
    ? data.find((each) => ["id", "task_id", "external_id"].some((name) => valueAt(each, name) === id))
    : data
  if (Array.isArray(data) && task === undefined)
    return queryError({ _tag: "TaskNotFound", message: "The response does not contain the task", requestId })
  return firstStringAt(task, "task_status", "status") === undefined
    ? queryError({ _tag: "UnexpectedResponse", path: "data.task_status", requestId })
    : snapshot(toDraft(task, requestId))
}

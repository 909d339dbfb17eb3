import {
  firstInstantAt,
  firstStringAt,
  numberAt,
  queryError,
  snapshot,
  valueAt
} from "@gentask/core/provider"
import type {
  OutputDraft,
  OutputKind,
  QueryOutcome,
  ResponseHead,
  SnapshotDraft,
  StatusWords,
  TaskKey
} from "@gentask/core/provider"
import type { Params } from "./route.ts"
import type { KlingResponse, KlingTask } from "./wire.ts"

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

const readOutputs = (task: KlingTask): ReadonlyArray<OutputDraft> => [
  ...kinds.flatMap((kind) =>
    [`${kind}s`, `series_${kind}s`].flatMap((name) => {
      const files = valueAt(task.task_result, name)
      return Array.isArray(files) ? files.flatMap((file) => linksOf(kind, file)) : []
    })
  ),
  // Elements and voices are the vendor's own assets, and not media.
  ...(task.outputs ?? []).flatMap((output) => {
    const kind = kinds.find((each) => each === firstStringAt(output, "type")?.toLowerCase())
    return kind === undefined ? [] : linksOf(kind, output)
  })
]

/** What was charged: units of a resource pack, or money. Undefined for several charges in different units. */
const readCost = (task: KlingTask): SnapshotDraft["cost"] => {
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
const toDraft = (task: KlingTask, requestId: string | null | undefined): SnapshotDraft => ({
  rawStatus: task.task_status || task.status,
  createdAt: firstInstantAt(task, "created_at", "create_time"),
  updatedAt: firstInstantAt(task, "updated_at", "update_time"),
  outputs: readOutputs(task),
  // The outer message is SUCCEED for a failed task too.
  failure: { message: firstStringAt(task, "task_status_msg", "message"), requestId },
  cost: readCost(task)
})

export const decode = (body: KlingResponse, _head: ResponseHead, { id }: TaskKey<Params>): QueryOutcome => {
  const { data, request_id: requestId } = body
  // A list has the tasks that were queried. The vendor documents no response for an unknown id.
  const task = Array.isArray(data)
    ? data.find((each) => [each.id, each.task_id, valueAt(each, "external_id")].includes(id))
    : data
  if (Array.isArray(data) && task === undefined) {
    return queryError({ _tag: "TaskNotFound", message: "The response does not contain the task", requestId })
  }
  if (!task || !(task.task_status || task.status))
    return queryError({ _tag: "UnexpectedResponse", path: "data.task_status", requestId })
  return snapshot(toDraft(task, requestId))
}

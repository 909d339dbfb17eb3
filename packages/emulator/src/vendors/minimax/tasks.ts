/**
 * The task of both of MiniMax's video APIs.
 *
 * Documented: the statuses and the fields (https://platform.minimax.io/docs/api-reference/video-generation-query and
 * https://platform.minimax.io/docs/api-reference/video-generation-v2-query). Invented: `Preparing` is never sent, the
 * codes of failures that a script does not name, and `usage` beyond `total_seconds`.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { stateAt } from "../../TaskState.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext } from "../VendorModule.ts"
import { baseResponse } from "./errors.ts"

/** Whether a model belongs to the second API. */
export const isSecondModel = (model: string): boolean => /^MiniMax-H\d/.test(model)

const firstStatuses: Readonly<Record<TaskPhase, string>> = {
  queued: "Queueing",
  running: "Processing",
  succeeded: "Success",
  failed: "Fail",
  canceled: "Fail",
  expired: "Fail"
}

const secondStatuses: Readonly<Record<TaskPhase, string>> = {
  queued: "queued",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  canceled: "cancelled",
  expired: "expired"
}

const failedPhases: ReadonlySet<TaskPhase> = new Set(["failed", "canceled", "expired"])

/** The reason of a failure: the script's, or that the video is sensitive. */
const reasonAt = (task: EmulatedTask, phase: TaskPhase) => {
  if (!failedPhases.has(phase)) return undefined
  const code = task.failure.code ?? (phase === "failed" ? 1027 : 1000)
  return { code, message: failureMessage(task, phase, "output new_sensitive") }
}

/** The id of a result. Documented: text in the task, and a 64-bit number elsewhere. */
export const fileIdOf = (task: EmulatedTask): string =>
  /^\d{1,15}$/.test(task.id) ? String(Number(task.id) + 1) : task.id

/** The response of the first API. */
export const firstTaskAt = (task: TaskView, now: number) => {
  const { phase } = stateAt(task, now)
  const reason = reasonAt(task, phase)
  const hasFile = phase === "succeeded" && listedResults(task).length > 0
  return {
    task_id: task.id,
    status: task.statuses[phase] ?? firstStatuses[phase],
    ...(hasFile && { file_id: fileIdOf(task), video_width: 1920, video_height: 1080 }),
    ...baseResponse(reason?.code, reason?.message)
  }
}

/** The body of a notification of the first API. Documented: its statuses are in lower case, and are fewer. */
export const firstNotificationAt = (task: TaskView, now: number) => {
  const { phase } = stateAt(task, now)
  const status = failedPhases.has(phase) ? "failed" : "processing"
  return { ...firstTaskAt(task, now), status: phase === "succeeded" ? "success" : status }
}

const numberIn = (task: EmulatedTask, name: string, other: number): number => {
  const value = task.data[name]
  return typeof value === "number" ? value : other
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

/** What the list of the second API has of a task. */
export const secondEntryAt = (task: TaskView, now: number) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  const reason = reasonAt(task, phase)
  const { resolution = "2K", ratio = "16:9" } = task.data
  const changedAt = phase === "queued" ? task.addedAt : phase === "running" ? startedAt : endedAt
  const duration = numberIn(task, "duration", 5)
  return {
    id: task.id,
    model: task.model,
    status: task.statuses[phase] ?? secondStatuses[phase],
    ...(reason && { error: { ...reason, code: String(reason.code) } }),
    created_at: seconds(task.addedAt),
    updated_at: seconds(changedAt),
    resolution,
    duration,
    usage: phase === "succeeded" ? { total_seconds: duration, output_seconds: duration } : {},
    ratio,
    task_type: "generation",
    modality: "video"
  }
}

/** The response of the second API. */
export const secondTaskAt = ({ links }: VendorContext, task: TaskView, now: number) => {
  const [file] = stateAt(task, now).phase === "succeeded" ? listedResults(task) : []
  return {
    task: {
      ...secondEntryAt(task, now),
      ...(file && { content: { url: links.link(task, `output-${file.index}.${file.type}`, now) } })
    }
  }
}

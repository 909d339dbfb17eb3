/**
 * Kling AI's task: that of `/tasks`, and that of the paths below `/v1`.
 *
 * Documented: the fields and the statuses (https://kling.ai/document-api/api/video/2-6/text-to-video). Invented: what a
 * task costs, the ids of results, and that a task without success fails, since there is no other status.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import type { ResultLinks } from "../../ResultLinks.ts"
import { stateAt } from "../../TaskState.ts"
import type { TaskKind, TaskPhase } from "../../TaskScript.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { failureMessage } from "../VendorFormat.ts"

/** The path of tasks whose model is in the path. */
export const tasksPath = "tasks"

const defaultPaths: Readonly<Partial<Record<TaskKind, string>>> = {
  image: "images/generations",
  audio: "audio/text-to-audio"
}

/** The path that a task is queried at. */
export const pathOf = ({ data, kind }: EmulatedTask): string => {
  const { path } = data
  return typeof path === "string" ? path : (defaultPaths[kind] ?? "videos/text2video")
}

const words: Readonly<Record<TaskPhase, "submitted" | "processing" | "succeeded" | "failed">> = {
  queued: "submitted",
  running: "processing",
  succeeded: "succeeded",
  failed: "failed",
  canceled: "failed",
  expired: "failed"
}

/** The id that the client chose, or an empty text. */
export const externalIdOf = ({ data }: EmulatedTask): string =>
  typeof data["externalId"] === "string" ? data["externalId"] : ""

/** What the two forms share. */
const factsAt = (task: TaskView, now: number) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  const word = words[phase]
  const runsAt = phase === "running" ? startedAt : endedAt
  return {
    phase,
    status: task.statuses[phase] ?? word,
    message: word === "failed" ? failureMessage(task, phase, "The task failed.") : "",
    createdAt: task.addedAt,
    updatedAt: phase === "queued" ? task.addedAt : runsAt
  }
}

const lengths: Readonly<Partial<Record<TaskKind, object>>> = {
  video: { duration: "5.1" },
  audio: { duration: "5.1" }
}

const resultsOf = (links: ResultLinks, task: TaskView, now: number) =>
  listedResults(task).map(({ type, index }) => ({
    id: `${task.id}-${index}`,
    url: links.link(task, `${index}.${type}`, now),
    ...lengths[task.kind]
  }))

/** A task of `/tasks`. */
export const taskAt = (links: ResultLinks, task: TaskView, now: number) => {
  const { phase, status, message, createdAt, updatedAt } = factsAt(task, now)
  return {
    id: task.id,
    status,
    message,
    create_time: createdAt,
    update_time: updatedAt,
    external_id: externalIdOf(task),
    ...(phase === "succeeded" && {
      outputs: resultsOf(links, task, now).map((result) => ({ type: task.kind, ...result })),
      billing: [{ charge_type: "resource_pack", amount: "2" }]
    })
  }
}

const lists: Readonly<Partial<Record<TaskKind, string>>> = { image: "images", audio: "audios" }

/** A task below `/v1`. */
export const legacyTaskAt = (links: ResultLinks, task: TaskView, now: number) => {
  const { phase, status, message, createdAt, updatedAt } = factsAt(task, now)
  const results = resultsOf(links, task, now).map(({ url, ...result }, index) => ({
    ...(task.kind === "image" ? { index } : result),
    ...(task.kind === "audio" ? { url_wav: url } : { url })
  }))
  const externalId = externalIdOf(task)
  return {
    task_id: task.id,
    task_status: phase === "succeeded" && status === "succeeded" ? "succeed" : status,
    task_status_msg: message,
    task_info: externalId === "" ? {} : { external_task_id: externalId },
    created_at: createdAt,
    updated_at: updatedAt,
    task_result: phase === "succeeded" ? { [lists[task.kind] ?? "videos"]: results } : {},
    ...(phase === "succeeded" && { final_unit_deduction: "2" })
  }
}

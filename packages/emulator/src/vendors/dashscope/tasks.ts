/**
 * DashScope's tasks: get, list, cancel.
 *
 * Documented: the paths, the statuses, the fields and the results of each service
 * (https://www.alibabacloud.com/help/en/model-studio/manage-asynchronous-tasks,
 * https://docs.qwencloud.com/api-reference), and that a list has the last 24 hours. Invented: an expired task has the status
 * `FAILED`; the order of the list, and 100 as the largest page.
 */
import { randomUUID } from "node:crypto"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { textIn } from "../../submit/bodyFields.ts"
import type { EndpointContext } from "../../submit/VendorEndpoint.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { hasRun } from "../taskProgress.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { dashscopeError, errors, invalidParameter } from "./errors.ts"

/** The status of each phase. */
export const statuses: Readonly<Record<TaskPhase, string>> = {
  queued: "PENDING",
  running: "RUNNING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  canceled: "CANCELED",
  expired: "FAILED"
}

const hour = 3_600_000

/** A time in China, without a zone. */
const chinaTime = (milliseconds: number): string =>
  new Date(milliseconds + 8 * hour).toISOString().replace("T", " ").replace("Z", "")

/** The results of a task, in the form of its service. */
export const resultsOf = ({ links }: VendorContext, task: TaskView, now: number) => {
  const urls = listedResults(task).map(({ type, index }) => links.link(task, `${index}.${type}`, now))
  const [url] = urls
  const { service } = task.data
  if (task.kind === "video") return service === "s2v" ? { results: { video_url: url } } : { video_url: url }
  if (service !== "messages") {
    const count = urls.length
    return {
      results: urls.map((each) => ({ url: each })),
      task_metrics: { TOTAL: count, SUCCEEDED: count, FAILED: 0 }
    }
  }
  return {
    finished: true,
    choices: urls.map((image) => ({
      finish_reason: "stop",
      message: { role: "assistant", content: [{ image, type: "image" }] }
    }))
  }
}

/** What a task is charged by. */
export const usageOf = (task: TaskView) => {
  if (task.kind !== "video") return { image_count: listedResults(task).length }
  const duration = typeof task.data["duration"] === "number" ? task.data["duration"] : 5
  return { duration, input_video_duration: 0, output_video_duration: duration, video_count: 1, SR: 720 }
}

/** Whether the vendor has a task. A synchronous call makes none. */
const isTask = ({ data }: EmulatedTask): boolean => data["path"] !== "multimodal-generation/generation"

const taskAt = (context: VendorContext, task: TaskView, now: number): WireResponse => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  const isDone = hasEnded(phase)
  const hasStarted = phase === "running" || (isDone && hasRun(task, now))
  const hasFailed = isDone && phase !== "succeeded"
  return jsonResponse(200, {
    request_id: randomUUID(),
    output: {
      task_id: task.id,
      task_status: task.statuses[phase] ?? statuses[phase],
      submit_time: chinaTime(task.addedAt),
      ...(hasStarted && { scheduled_time: chinaTime(startedAt) }),
      ...(isDone && { end_time: chinaTime(endedAt) }),
      ...(phase === "succeeded" && { orig_prompt: task.prompt, ...resultsOf(context, task, now) }),
      ...(hasFailed &&
        phase !== "canceled" && {
          code: String(task.failure.code ?? "InternalError.Algo"),
          message: failureMessage(
            task,
            phase,
            "An internal error has occured, please try again later or contact service support."
          )
        })
    },
    ...(phase === "succeeded" && { usage: usageOf(task) })
  })
}

const listedAt = (task: EmulatedTask, now: number) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  return {
    api_key_id: "15",
    caller_parent_id: "1",
    caller_uid: "1",
    gmt_create: Math.round(task.addedAt),
    ...(phase !== "queued" && { start_time: Math.round(startedAt) }),
    ...(hasEnded(phase) && { end_time: Math.round(endedAt) }),
    model_name: task.model,
    region: "cn-beijing",
    request_id: task.id,
    status: statuses[phase],
    task_id: task.id,
    user_api_unique_key: `apikey:v1:aigc:${(textIn(task.data, "path") ?? "").replaceAll("/", ":")}:${task.model}`
  }
}

const list = (context: VendorContext, { search }: VendorRequest): WireResponse => {
  const parameters = new URLSearchParams(search)
  const [page, size] = [
    Number(parameters.get("page_no") ?? 1),
    Math.min(100, Number(parameters.get("page_size") ?? 10))
  ]
  if (!Number.isInteger(page) || !Number.isInteger(size) || page < 1 || size < 1)
    return invalidParameter("page_no and page_size must be positive integers.")
  const now = Date.now()
  const matches = (name: string, value: string): boolean => (parameters.get(name) ?? value) === value
  const rows = context
    .tasks()
    .filter((task) => isTask(task) && now - task.addedAt < 24 * hour)
    .map((task) => listedAt(task, now))
    .filter((row) => matches("task_id", row.task_id) && matches("model_name", row.model_name))
    .filter((row) => matches("status", row.status))
    .toReversed()
  return jsonResponse(200, {
    total: rows.length,
    data: rows.slice((page - 1) * size, page * size),
    total_page: Math.ceil(rows.length / size),
    page_no: page,
    request_id: randomUUID(),
    page_size: size
  })
}

const cancel = ({ params }: VendorRequest, { task: find, endTask, now }: EndpointContext): WireResponse => {
  const task = find(params["id"] ?? "")
  if (task === undefined || stateAt(task, now).phase !== "queued" || !endTask(task, "canceled")) {
    return dashscopeError(
      400,
      "UnsupportedOperation",
      "Failed to cancel the task, please confirm if the task is in PENDING status."
    )
  }
  return jsonResponse(200, { request_id: randomUUID() })
}

/** The routes of tasks. */
export const taskRoutes = (context: VendorContext): readonly VendorRoute[] => [
  {
    purpose: "query",
    method: "GET",
    path: /^\/api\/v1\/tasks\/(?<id>[^/]+)$/,
    matchesTask: isTask,
    respond: (task, now) => taskAt(context, task, now)
  },
  {
    purpose: "cancel",
    method: "POST",
    path: /^\/api\/v1\/tasks\/(?<id>[^/]+)\/cancel$/,
    respond: cancel
  },
  {
    purpose: "account",
    method: "GET",
    path: /^\/api\/v1\/tasks\/?$/,
    respond: (request) => list(context, request)
  }
]

/** The vendor's error for a model or a path that it does not have. */
export const unknownModel = (): WireResponse => errors.error(404)

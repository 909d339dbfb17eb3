/**
 * Ark's video tasks: create, get, list, delete, callbacks.
 *
 * Documented: the paths, the statuses, the fields of a task, what DELETE does to each status, the filters of the list, that
 * an unfinished task expires, and that a callback has the body of a query and is sent at each status
 * (https://www.volcengine.com/docs/82379/1520757, 1521309, 1521675, 1521720). Read in public clients: HTTP 409 for a
 * running task; the list without a filter has no tasks of the tier `flex`. Invented: the number of tokens; the order of the
 * list; HTTP 409 for a canceled task.
 */
import { parseObject } from "../../json.ts"
import { textIn } from "../../submit/bodyFields.ts"
import type { EndpointContext, ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import type { TaskView } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { arkError, errors, invalidParameter } from "./errors.ts"
import { problemOf, promptOf } from "./videoBody.ts"

const path = /^\/contents\/generations\/tasks$/
const taskPath = /^\/contents\/generations\/tasks\/(?<id>[^/]+)$/

const statuses: Readonly<Record<TaskPhase, string>> = {
  queued: "queued",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  canceled: "cancelled",
  expired: "expired"
}

const failureCode = "OutputVideoSensitiveContentDetected"
const failureText = "The request failed because the output video may contain sensitive information."

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

/** The fields of the body that a task repeats, with their defaults. */
const settingsOf = ({ data }: EmulatedTask) => ({
  seed: data["seed"] ?? 11,
  resolution: data["resolution"] ?? "720p",
  ratio: data["ratio"] ?? "16:9",
  duration: data["duration"] ?? 5,
  framespersecond: 24,
  generate_audio: data["generate_audio"] ?? false,
  draft: data["draft"] ?? false
})

const contentOf = ({ links }: VendorContext, task: TaskView, now: number) => {
  const [type] = task.media
  if (type === undefined) return {}
  return {
    video_url: links.link(task, `${task.id}.${type}`, now),
    ...(task.data["return_last_frame"] === true && {
      last_frame_url: links.previewLink(task, `${task.id}.png`, now)
    })
  }
}

/** A task as a query, a list and a callback report it. */
export const taskAt = (context: VendorContext, task: TaskView, now: number) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  const updatedAt = hasEnded(phase) ? endedAt : phase === "running" ? startedAt : task.addedAt
  return {
    id: task.id,
    model: task.model,
    status: task.statuses[phase] ?? statuses[phase],
    ...(phase === "failed" && {
      error: {
        code: String(task.failure.code ?? failureCode),
        message: failureMessage(task, phase, failureText)
      }
    }),
    ...(phase === "succeeded" && {
      content: contentOf(context, task, now),
      usage: { completion_tokens: 108_900, total_tokens: 108_900 },
      ...settingsOf(task)
    }),
    created_at: seconds(task.addedAt),
    updated_at: seconds(updatedAt),
    service_tier: task.data["service_tier"] ?? "default",
    execution_expires_after: task.data["execution_expires_after"] ?? 172_800
  }
}

const pageNumber = (parameters: URLSearchParams, name: string, fallback: number): number => {
  const value = Number(parameters.get(name) ?? fallback)
  return Number.isInteger(value) && value >= 1 && value <= 500 ? value : Number.NaN
}

const list = (context: VendorContext, { search }: VendorRequest): WireResponse => {
  const parameters = new URLSearchParams(search)
  const page = pageNumber(parameters, "page_num", 1)
  const size = pageNumber(parameters, "page_size", 10)
  if (Number.isNaN(page + size)) return invalidParameter("page_num and page_size must be from 1 to 500.")
  const now = Date.now()
  const ids = parameters.getAll("filter.task_ids")
  const [status, model] = ["status", "model"].map((name) => parameters.get(`filter.${name}`))
  const tier = parameters.get("filter.service_tier") ?? "default"
  const items = context
    .tasks()
    .filter(({ kind }) => kind === "video")
    .map((task) => taskAt(context, task, now))
    .filter((task) => (ids.length === 0 || ids.includes(task.id)) && task.service_tier === tier)
    .filter((task) => (status ?? task.status) === task.status && (model ?? task.model) === task.model)
    .toReversed()
  return jsonResponse(200, { total: items.length, items: items.slice((page - 1) * size, page * size) })
}

const remove = (
  { params }: VendorRequest,
  { task: find, endTask, removeTask, now }: EndpointContext
): WireResponse => {
  const task = find(params["id"] ?? "")
  if (task === undefined || task.kind !== "video") return errors.error(404)
  const { phase } = stateAt(task, now)
  if (phase === "running" || phase === "canceled") {
    const name = phase === "running" ? "Running" : "Cancelled"
    const message = `Cannot delete task because it is currently ${statuses[phase]}.`
    return arkError(409, `InvalidAction.${name}TaskDeletion`, message)
  }
  if (phase === "queued") endTask(task, "canceled")
  else removeTask(task)
  return jsonResponse(200, {})
}

/** The routes of video tasks. */
export const videoRoutes = (context: VendorContext): readonly VendorRoute[] => {
  const parse = ({ body: text }: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(text)
    if (body === undefined) return { rejection: invalidParameter("The body must be a JSON object.") }
    const problem = problemOf(body)
    if (problem !== undefined) return { rejection: invalidParameter(problem) }
    const { execution_expires_after: deadline } = body
    const url = textIn(body, "callback_url")
    return {
      body,
      task: { kind: "video", model: textIn(body, "model") ?? "", ...promptOf(body), data: body },
      deadline:
        typeof deadline === "number"
          ? { afterMs: deadline * 1000, queued: "expired", running: "expired" }
          : undefined,
      callback:
        url === undefined
          ? undefined
          : {
              url,
              events: ["created", "started", "ended"],
              body: (task, now) => taskAt(context, task, now),
              // Documented: up to 3 times more.
              attempts: 4
            },
      accepted: ({ id }) => jsonResponse(200, { id })
    }
  }
  return [
    { purpose: "submit", method: "POST", path, maxBodySize: 64 * 1_048_576, parse },
    {
      purpose: "query",
      method: "GET",
      path: taskPath,
      matchesTask: ({ kind }) => kind === "video",
      respond: (task, now) => jsonResponse(200, taskAt(context, task, now))
    },
    { purpose: "cancel", method: "DELETE", path: taskPath, respond: remove },
    { purpose: "account", method: "GET", path, respond: (request) => list(context, request) }
  ]
}

/**
 * MiniMax's two video APIs: create, query, list, and cancel or delete.
 *
 * Documented: the paths, the fields and the challenge of callbacks
 * (https://platform.minimax.io/docs/api-reference/video-generation-t2v and
 * https://platform.minimax.io/docs/api-reference/video-generation-v2-create). Invented: the texts of problems, that a
 * notification of the second API has the body of its query, one attempt of each notification.
 */
import { randomUUID } from "node:crypto"
import { isRecord, parseObject } from "../../json.ts"
import { promptIn, textIn } from "../../submit/bodyFields.ts"
import type { EndpointContext, ParsedSubmit, RequestedCallback } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { stateAt } from "../../TaskState.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { parameter } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { baseResponse, errors, firstError, invalidParams } from "./errors.ts"
import { scheme } from "./files.ts"
import { firstNotificationAt, firstTaskAt, isSecondModel, secondEntryAt, secondTaskAt } from "./tasks.ts"

type Body = Readonly<Record<string, unknown>>

const callbackOf = (body: Body, message: RequestedCallback["body"]): RequestedCallback | undefined => {
  const url = textIn(body, "callback_url")
  if (url === undefined) return undefined
  const challenge = randomUUID()
  return {
    url,
    body: message,
    events: ["started", "ended"],
    challenge: { body: { challenge }, accepts: (text) => parseObject(text)?.["challenge"] === challenge }
  }
}

const maxBodySize = 64 * 1_048_576

const isSecondTask = ({ model }: EmulatedTask): boolean => isSecondModel(model)

const isFirstTask = (task: EmulatedTask): boolean => !isSecondTask(task)

const firstRoutes: readonly VendorRoute[] = [
  {
    purpose: "submit",
    method: "POST",
    path: /^\/v1\/video_generation$/,
    maxBodySize,
    parse: ({ body: json }) => {
      const body = parseObject(json)
      const model = body && textIn(body, "model")
      if (body === undefined || model === undefined || isSecondModel(model))
        return { rejection: firstError(2013, "invalid params, invalid model") }
      const hasImage = ["first_frame_image", "subject_reference"].some((name) => body[name] !== undefined)
      if (!hasImage && !textIn(body, "prompt"))
        return { rejection: firstError(2013, "invalid params, prompt is required") }
      return {
        body,
        task: { model, kind: "video", ...promptIn(body), data: body },
        callback: callbackOf(body, firstNotificationAt),
        accepted: ({ id }) => jsonResponse(200, { task_id: id, ...baseResponse() })
      }
    }
  },
  {
    purpose: "query",
    method: "GET",
    path: /^\/v1\/query\/video_generation$/,
    taskId: ({ search }) => parameter(search, "task_id"),
    matchesTask: isFirstTask,
    respond: (task, now) => jsonResponse(200, firstTaskAt(task, now))
  }
]

/** The URLs in `content`. */
const urlsIn = (content: readonly unknown[]): readonly string[] =>
  content
    .filter(isRecord)
    .map((item) => item[String(item["type"])])
    .flatMap((media) => (isRecord(media) ? [textIn(media, "url") ?? ""] : []))

const textOf = (content: readonly unknown[]): string | undefined =>
  content
    .filter(isRecord)
    .filter(({ type }) => type === "text")
    .map((item) => textIn(item, "text"))[0]

/** The routes of both video APIs. */
export const videoRoutes = (context: VendorContext): readonly VendorRoute[] => {
  const problemIn = (body: Body): string | undefined => {
    const { content, resolution, duration, ratio = "adaptive" } = body
    if (!Array.isArray(content) || textOf(content) === undefined) return "content needs a text"
    if (typeof resolution !== "string") return "resolution is required"
    if (typeof duration !== "number") return "duration is required"
    // Documented for a video from text only.
    if (content.length === 1 && ratio === "adaptive") return "ratio is required"
    const unknown = urlsIn(content).find(
      (url) => url.startsWith(scheme) && context.uploads.find(url) === undefined
    )
    return unknown === undefined ? undefined : `unknown file ${unknown}`
  }

  const parse = ({ body: json }: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(json)
    const model = body && textIn(body, "model")
    if (body === undefined || model === undefined || !isSecondModel(model))
      return { rejection: invalidParams("invalid model") }
    const problem = problemIn(body)
    if (problem !== undefined) return { rejection: invalidParams(problem) }
    const prompt = Array.isArray(body["content"]) ? textOf(body["content"]) : undefined
    return {
      body,
      task: { model, kind: "video", ...(prompt !== undefined && { prompt }), data: body },
      callback: callbackOf(body, (task, now) => secondTaskAt(context, task, now)),
      accepted: ({ id }) => jsonResponse(200, { task_id: id })
    }
  }

  const list = ({ search }: VendorRequest): WireResponse => {
    const model = parameter(search, "filter.model")
    const status = parameter(search, "filter.status")
    const page = Number(parameter(search, "page_num") ?? 1)
    const size = Number(parameter(search, "page_size") ?? 20)
    const entries = context
      .tasks()
      .filter((task) => isSecondTask(task) && (model === undefined || task.model === model))
      .map((task) => secondEntryAt(task, Date.now()))
      .filter((entry) => status === undefined || entry.status === status)
      .toReversed()
    return jsonResponse(200, { items: entries.slice((page - 1) * size, page * size), total: entries.length })
  }

  const cancel = (
    { params }: VendorRequest,
    { task: find, endTask, removeTask, now }: EndpointContext
  ): WireResponse => {
    const id = params["id"] ?? ""
    const task = find(id)
    if (task === undefined || isFirstTask(task))
      return errors.unknownTask?.(id) ?? invalidParams("invalid task_id")
    const { phase } = stateAt(task, now)
    switch (phase) {
      case "queued":
        endTask(task, "canceled")
        return jsonResponse(200, { task_id: id, action: "cancelled", status: "cancelled" })
      case "running":
      case "canceled":
        return invalidParams(`task is ${phase === "running" ? phase : "cancelled"}`)
      default:
        removeTask(task)
        return jsonResponse(200, { task_id: id, action: "deleted", status: "deleted" })
    }
  }

  return [
    ...firstRoutes,
    { purpose: "submit", method: "POST", path: /^\/v2\/video_generation$/, maxBodySize, parse },
    {
      purpose: "query",
      method: "GET",
      path: /^\/v2\/query\/video_generation\/(?<id>[^/]+)$/,
      matchesTask: isSecondTask,
      respond: (task, now) => jsonResponse(200, secondTaskAt(context, task, now))
    },
    { purpose: "account", method: "GET", path: /^\/v2\/query\/video_generation$/, respond: list },
    { purpose: "cancel", method: "DELETE", path: /^\/v2\/video_generation\/(?<id>[^/]+)$/, respond: cancel }
  ]
}

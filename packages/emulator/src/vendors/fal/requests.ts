/**
 * fal's queue: submit, status, result and cancel.
 *
 * Documented: the paths, the query parameters, and the words and HTTP statuses of a cancel
 * (https://docs.fal.ai/documentation/model-apis/inference/queue, https://fal.ai/docs/inference-api/queue/cancel). Read in
 * @fal-ai/client 1.10.1: the app of a model. Invented: the kind of a model follows from its name, and its input is not
 * checked.
 */
import { parseObject } from "../../json.ts"
import { promptIn } from "../../submit/bodyFields.ts"
import type { EndpointContext, ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { stateAt } from "../../TaskState.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { requestedMedia } from "../requestedMedia.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { modelError, notFound } from "./errors.ts"
import { appOf, notificationAt, resultAt, statusAt, urlsOf } from "./results.ts"
import type { Webhooks } from "./webhooks.ts"

const videoModel = /-to-video|video|veo|sora|kling|seedance|hailuo|pixverse/
const audioModel = /music|speech|audio|tts|sound/

const kindOf = (model: string): { readonly kind?: "video" | "audio" } => {
  if (videoModel.test(model)) return { kind: "video" }
  return audioModel.test(model) ? { kind: "audio" } : {}
}

const app = String.raw`(?<app>(?:(?:workflows|comfy)/)?[\w.-]+/[\w.-]+)`
const request = String.raw`^/${app}/requests/(?<id>[^/]+)`

const isOfApp = (task: EmulatedTask, { params }: VendorRequest): boolean => appOf(task) === params["app"]

/** The routes of the queue. */
export const requestRoutes = (context: VendorContext, webhooks: Webhooks): readonly VendorRoute[] => {
  const parse = ({
    body: text,
    path,
    params,
    search
  }: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(text)
    if (body === undefined)
      return { rejection: modelError("model_attributes_type", "Input should be a valid dictionary") }
    const model = path.slice(1)
    return {
      body,
      task: {
        model,
        ...kindOf(model),
        ...promptIn(body),
        ...requestedMedia(body["num_images"], 10, "png"),
        data: { app: params["app"] ?? model }
      },
      callback: webhooks.callbackOf(search, (task, now) => notificationAt(context, task, now)),
      accepted: (task) =>
        jsonResponse(200, {
          status: "IN_QUEUE",
          request_id: task.id,
          gateway_request_id: task.id,
          ...urlsOf(context.url, task),
          queue_position: task.queuePosition
        })
    }
  }

  const cancel = (received: VendorRequest, { task: find, endTask, now }: EndpointContext): WireResponse => {
    const task = find(received.params["id"] ?? "")
    if (task === undefined || !isOfApp(task, received)) return notFound()
    const isQueued = stateAt(task, now).phase === "queued"
    if (!endTask(task, "canceled")) return jsonResponse(400, { status: "ALREADY_COMPLETED" })
    return isQueued
      ? jsonResponse(200, { status: "OK" })
      : jsonResponse(202, { status: "CANCELLATION_REQUESTED" })
  }

  return [
    { purpose: "cancel", method: "PUT", path: new RegExp(`${request}/cancel$`), respond: cancel },
    {
      purpose: "query",
      method: "GET",
      path: new RegExp(`${request}/status$`),
      matchesTask: isOfApp,
      respond: (task, now, { search }) => {
        const withLogs = new URLSearchParams(search).get("logs") === "1"
        return jsonResponse(200, statusAt(context, task, now, withLogs))
      }
    },
    {
      purpose: "query",
      method: "GET",
      path: new RegExp(`${request}$`),
      matchesTask: isOfApp,
      respond: (task, now) => resultAt(context, task, now)
    },
    {
      purpose: "submit",
      method: "POST",
      path: new RegExp(String.raw`^/${app}(?:/[\w.-]+)*$`),
      maxBodySize: 32 * 1_048_576,
      parse
    }
  ]
}

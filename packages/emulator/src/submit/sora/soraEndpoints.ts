/**
 * The endpoints of Sora relays other than queries: `POST /v1/video/create`, and new-api's account data.
 *
 * Documented: the bodies and the response forms (the create pages of yunwu.ai, octopusx, anyapi and zhubo). Read in the
 * source of new-api: its two error layers, the response headers, `/api/task/self`, `/api/log/token` and
 * `/api/usage/token/`. Invented: HTTP statuses and texts of validation errors, and the version in the headers.
 */
import { randomUUID } from "node:crypto"
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { parseObject } from "../../json.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { problemIn, promptIn, textIn } from "../bodyFields.ts"
import type { CreateStyle } from "../SubmitScript.ts"
import { createStyles } from "../SubmitScript.ts"
import type { PlainEndpoint, ServiceEndpoints, SubmitEndpoint } from "../VendorEndpoint.ts"
import { mebibyte } from "../VendorEndpoint.ts"
import { listTasks, logRows, tokenUsage } from "./newApi.ts"
import { unifiedModels } from "./soraModels.ts"
import type { UnifiedModel } from "./soraModels.ts"

/** An error of new-api's task layer. */
const taskError = (status: number, code: number | string, message: string): WireResponse =>
  jsonResponse(status, { code, message, data: null })

/** An error of new-api's middleware. */
const middlewareError = (status: number, code: string, message: string): WireResponse =>
  jsonResponse(status, { error: { message, type: "new_api_error", code } })

// Read in the source of new-api: the text of every 429.
const saturated = "当前分组上游负载已饱和，请稍后再试"

const unified = ({ id, addedAt }: EmulatedTask) => ({ id, status: "pending", status_update_time: addedAt })

const octopusx = (task: EmulatedTask, { family }: UnifiedModel) => {
  const seconds = Math.floor(task.addedAt / 1000)
  if (family === "jimeng" || family === "vidu")
    return { created_at: new Date(task.addedAt).toISOString(), status: "processing", task_id: task.id }
  if (family !== "veo") return unified(task)
  return {
    id: task.id,
    object: "video",
    model: task.model,
    status: "queued",
    progress: 0,
    created_at: seconds,
    size: "",
    detail: { input: {} },
    status_update_time: seconds
  }
}

const chatCompletion = ({ id, addedAt }: EmulatedTask) => ({
  id,
  object: "chat.completion",
  created: Math.floor(addedAt / 1000),
  choices: [{ index: 0, message: { role: "assistant", content: "" }, finish_reason: "stop" }]
})

const responses: Record<CreateStyle, (task: EmulatedTask, model: UnifiedModel) => object> = {
  unified: (task, { family }) => ({
    ...unified(task),
    ...(family === "veo" && { enhanced_prompt: task.prompt })
  }),
  octopusx,
  zhubo: (task) => ({ ...unified(task), task_id: task.id }),
  anyapi: chatCompletion
}

/** The id of the style's own form, if it is not `{model}:task_…`. */
const idFor = (style: CreateStyle, { family }: UnifiedModel): { readonly id?: string } => {
  if (style !== "octopusx") return {}
  if (family === "jimeng" || family === "vidu") return { id: randomUUID() }
  return family === "veo" ? { id: `video_${randomUUID()}` } : {}
}

const create = (host: string | null): SubmitEndpoint => ({
  purpose: "submit",
  // Some relays accept images in base64, without a documented limit.
  maxBodySize: 64 * mebibyte,
  parse: (request, { script }) => {
    const body = parseObject(request.body)
    if (body === undefined) return { rejection: taskError(400, "invalid_request", "invalid JSON body") }
    const model = textIn(body, "model") ?? ""
    const known = unifiedModels.find(({ pattern }) => pattern.test(model))
    if (known === undefined) {
      if (model === "") return { rejection: taskError(400, "invalid_request", "model is required") }
      const message = `No available channel for model ${model}`
      return { rejection: middlewareError(503, "get_channel_failed", message) }
    }
    const problem = problemIn(body, known.fields)
    if (problem !== undefined) return { rejection: taskError(400, "invalid_request", problem) }
    const style = createStyles.find((each) => each === host) ?? script.style ?? "unified"
    return {
      body,
      task: { model, ...promptIn(body), ...idFor(style, known) },
      accepted: (task) => jsonResponse(200, responses[style](task, known))
    }
  }
})

const account = (access: PlainEndpoint["access"], respond: PlainEndpoint["respond"]): PlainEndpoint => ({
  purpose: "account",
  access,
  maxBodySize: mebibyte,
  respond
})

const accountEndpoints: Readonly<Record<string, PlainEndpoint>> = {
  "GET /api/task/self": account("self", listTasks),
  "GET /api/log/token": account("key", logRows),
  "GET /api/usage/token/": account("key", tokenUsage)
}

/** The endpoints of Sora relays. */
export const soraEndpoints: ServiceEndpoints = {
  service: "sora",
  errors: {
    unauthorized: () => middlewareError(401, "", "Invalid token"),
    rateLimited: ({ retryAfter }) => {
      const response = taskError(429, "rate_limit_exceeded", saturated)
      return { ...response, headers: { ...response.headers, "retry-after": String(retryAfter) } }
    },
    tooManyActive: () => taskError(429, "active_task_limit", saturated),
    noCredit: () => taskError(403, "local_quota_not_enough", "The quota of the token is not enough."),
    error: (status, code = status === 429 ? "do_request_failed" : "fail_to_fetch_task") =>
      taskError(status, code, status === 429 ? saturated : statusTextOf(status))
  },
  finish: (response) => ({
    ...response,
    headers: { ...response.headers, "x-oneapi-request-id": randomUUID(), "x-new-api-version": "v0.9.0" }
  }),
  find: ({ method, path, host }) =>
    method === "POST" && path === "/v1/video/create" ? create(host) : accountEndpoints[`${method} ${path}`]
}

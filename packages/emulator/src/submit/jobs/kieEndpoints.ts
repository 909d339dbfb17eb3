/**
 * kie.ai: `createTask`, Veo, the credit and the uploads.
 *
 * Documented: the bodies, errors as codes in HTTP 200 (401, 402, 404, 422, 433, 455), HTTP 429 above 20 submits in 10 s,
 * the credit, and the signature of callbacks (docs.kie.ai). Invented: messages of validation errors, and the code 422
 * for them.
 */
import { createHmac, randomBytes, randomUUID } from "node:crypto"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { isRecord, parseJson, parseObject } from "../../json.ts"
import { veoCallback } from "../../vendors/kieVeo.ts"
import type { EmulatorRequest, VendorFormat } from "../../vendors/VendorFormat.ts"
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { lookUp, problemIn, promptIn, textIn } from "../bodyFields.ts"
import type {
  CallbackMessage,
  ParsedSubmit,
  PlainEndpoint,
  RequestedCallback,
  ServiceEndpoints,
  SubmitEndpoint
} from "../VendorEndpoint.ts"
import { mebibyte } from "../VendorEndpoint.ts"
import { kieImageModels } from "./kieImageModels.ts"
import { otherImageModels, otherVideoModels } from "./kieOtherModels.ts"
import { kieUploads } from "./kieUploads.ts"
import { kieVideoModels, veoFields } from "./kieVideoModels.ts"

// Documented: many errors are codes in HTTP 200.
const failure = (code: number | string, msg: string): WireResponse =>
  jsonResponse(200, { code, msg, data: null })

const messages: Readonly<Record<number, string>> = {
  401: "You do not have access permissions",
  402: "Insufficient Credits",
  429: "Rate limited",
  433: "Request Limit - Sub-key Usage Exceeds Limit",
  455: "Service Unavailable - maintenance"
}

const messageOf = (code: number): string => messages[code] ?? statusTextOf(code)

type JsonObject = Readonly<Record<string, unknown>>

const jobCallback = (record: JsonObject): object => ({
  code: 200,
  msg: "success",
  data: { ...record, task_id: record["taskId"] }
})

/** Documented: up to 3 attempts. */
const maxAttempts = 3

/** Documented: the signature covers the task id and the time, not the body. */
const sign = ({ task, key, forged }: CallbackMessage): Readonly<Record<string, string>> => {
  if (key === undefined && !forged) return {}
  const timestamp = String(Math.floor(Date.now() / 1000))
  const secret = forged || key === undefined ? randomBytes(16) : key
  const signature = createHmac("sha256", secret).update(`${task.id}.${timestamp}`).digest("base64")
  return { "x-webhook-timestamp": timestamp, "x-webhook-signature": signature }
}

const callbackOf = (format: VendorFormat, body: JsonObject, isVeo = false): RequestedCallback | undefined => {
  const url = textIn(body, "callBackUrl")
  if (url === undefined) return undefined
  return {
    url,
    attempts: maxAttempts,
    sign,
    body: (task, now) => {
      const { body: text } = format.respond(task, now, { taskId: task.id, isVeo })
      const response = parseJson(typeof text === "string" ? text : "{}")
      const data = isRecord(response) ? response["data"] : null
      const record = isRecord(data) ? data : {}
      return isVeo ? veoCallback(record) : jobCallback(record)
    }
  }
}

const accepted = ({ id }: EmulatedTask): WireResponse =>
  jsonResponse(200, { code: 200, msg: "success", data: { taskId: id } })

const imageModels = { ...kieImageModels, ...otherImageModels }
const videoModels = { ...kieVideoModels, ...otherVideoModels }

type Parse = ParsedSubmit | { readonly rejection: WireResponse }

const parseJob = (request: EmulatorRequest, format: VendorFormat): Parse => {
  const body = parseObject(request.body)
  if (body === undefined) return { rejection: failure(400, "The body must be a JSON object.") }
  const model = textIn(body, "model") ?? ""
  const videoFields = lookUp(videoModels, model)
  const fields = videoFields ?? lookUp(imageModels, model)
  if (fields === undefined) return { rejection: failure(404, `The model ${model} is not found`) }
  if (!isRecord(body["input"])) return { rejection: failure(422, "input is required") }
  const problem = problemIn(body["input"], fields)
  if (problem !== undefined) return { rejection: failure(422, problem) }
  return {
    body,
    task: {
      model,
      kind: videoFields === undefined ? "image" : "video",
      dialect: "kie",
      ...promptIn(body["input"])
    },
    callback: callbackOf(format, body),
    accepted
  }
}

const parseVeo = (request: EmulatorRequest, format: VendorFormat): Parse => {
  const body = parseObject(request.body)
  const problem = body === undefined ? "The body must be a JSON object." : problemIn(body, veoFields)
  if (body === undefined || problem !== undefined) return { rejection: failure(422, problem ?? "") }
  const model = textIn(body, "model") ?? "veo3_fast"
  return {
    body,
    // The form of the documented example.
    task: { id: `veo_task_${randomUUID()}`, model, kind: "video", dialect: "kie", ...promptIn(body) },
    callback: callbackOf(format, body, true),
    accepted
  }
}

const submit = (parse: (request: EmulatorRequest) => Parse): SubmitEndpoint => ({
  purpose: "submit",
  maxBodySize: mebibyte,
  parse
})

const account = (respond: PlainEndpoint["respond"]): PlainEndpoint => ({
  purpose: "account",
  access: "key",
  maxBodySize: mebibyte,
  respond
})

/** kie.ai's endpoints. `format` is the query side of AI GPT Image, which has kie.ai's dialect. */
export const kieEndpoints = (format: VendorFormat): ServiceEndpoints => {
  const endpoints: Readonly<Record<string, SubmitEndpoint | PlainEndpoint>> = {
    ...kieUploads,
    "POST /api/v1/jobs/createTask": submit((request) => parseJob(request, format)),
    "POST /api/v1/veo/generate": submit((request) => parseVeo(request, format)),
    "GET /api/v1/chat/credit": account((_, { balance }) =>
      jsonResponse(200, { code: 200, msg: "success", data: balance.granted - balance.used })
    )
  }
  return {
    service: "kie",
    errors: {
      unauthorized: () => failure(401, messageOf(401)),
      rateLimited: () => jsonResponse(429, { code: 429, msg: messageOf(429), data: null }),
      tooManyActive: () => jsonResponse(429, { code: 429, msg: messageOf(429), data: null }),
      noCredit: () => failure(402, messageOf(402)),
      error: (status, code = status) =>
        jsonResponse(status, { code, msg: messageOf(Number(code)), data: null })
    },
    // Only createTask has the same path as at AI GPT Image.
    find: ({ method, path, host }) =>
      host === "kie" || path !== "/api/v1/jobs/createTask" ? endpoints[`${method} ${path}`] : undefined
  }
}

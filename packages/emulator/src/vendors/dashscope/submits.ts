/**
 * DashScope's submits.
 *
 * Documented: the header for asynchronous calls, `model`, `input` and `parameters`, the services and what each requires
 * (https://docs.qwencloud.com/api-reference, https://help.aliyun.com/zh/model-studio/wan-s2v-api). Read in the Python SDK:
 * the service of first and last frames. Invented: other fields are not checked; which model a service has; a synchronous
 * call that fails is an error response.
 */
import { randomUUID } from "node:crypto"
import { isRecord, parseObject } from "../../json.ts"
import { promptIn, textIn } from "../../submit/bodyFields.ts"
import type { ParsedSubmit } from "../../submit/VendorEndpoint.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { stateAt } from "../../TaskState.ts"
import { respondAtEnd } from "../taskProgress.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { dashscopeError, invalidParameter } from "./errors.ts"
import { resultsOf, unknownModel, usageOf } from "./tasks.ts"
import type { Uploads } from "./uploads.ts"

type Body = Readonly<Record<string, unknown>>

/** A service below `/api/v1/services/aigc/`. */
interface Service {
  readonly kind: "image" | "video"
  /** The form of the result. */
  readonly form?: string
  /** Whether the response is the result. @default false */
  readonly isSynchronous?: boolean
  /** The models that the service has. */
  readonly models: RegExp
  /** The members of `input` of which one is required. */
  readonly required: readonly string[]
}

const services: Readonly<Record<string, Service>> = {
  "video-generation/video-synthesis": {
    kind: "video",
    models: /t2v|i2v|r2v|vace|video/,
    required: ["prompt", "img_url", "media", "reference_urls", "template"]
  },
  "image2video/video-synthesis": {
    kind: "video",
    models: /kf2v|s2v|animate/,
    required: ["first_frame_url", "image_url"]
  },
  "text2image/image-synthesis": { kind: "image", models: /^qwen-image|t2i/, required: ["prompt"] },
  "image2image/image-synthesis": { kind: "image", models: /i2i/, required: ["images"] },
  "image-generation/generation": {
    kind: "image",
    form: "messages",
    models: /t2i|image/,
    required: ["messages"]
  },
  "multimodal-generation/generation": {
    kind: "image",
    form: "messages",
    isSynchronous: true,
    models: /image/,
    required: ["messages"]
  }
}

const promptOf = (input: Body): { readonly prompt?: string } => {
  const { messages } = input
  if (!Array.isArray(messages)) return promptIn(input)
  const content: unknown = isRecord(messages[0]) ? messages[0]["content"] : undefined
  const part: unknown = Array.isArray(content)
    ? content.find((each: unknown) => isRecord(each) && typeof each["text"] === "string")
    : undefined
  const text = isRecord(part) ? part["text"] : undefined
  return typeof text === "string" ? { prompt: text } : {}
}

/** How many images are requested, from 1 to 6. */
const countOf = (parameters: Body): number => {
  const { n } = parameters
  return typeof n === "number" && n >= 1 && n <= 6 ? Math.floor(n) : 1
}

/** The response of a synchronous call. */
const resultAt = (context: VendorContext, task: EmulatedTask, now: number): WireResponse => {
  const { phase } = stateAt(task, now)
  if (phase === "succeeded") {
    const output = resultsOf(context, task, now)
    return jsonResponse(200, { request_id: randomUUID(), output, usage: usageOf(task) })
  }
  const message = "Output data may contain inappropriate content."
  return dashscopeError(
    400,
    String(task.failure.code ?? "DataInspectionFailed"),
    failureMessage(task, phase, message)
  )
}

/** The route of submits. */
export const submitRoute = (context: VendorContext, { problemOf }: Uploads): VendorRoute => ({
  purpose: "submit",
  method: "POST",
  path: /^\/api\/v1\/services\/aigc\/(?<service>.+?)\/?$/,
  maxBodySize: 64 * 1_048_576,
  parse: (request: VendorRequest): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(request.body)
    const model = body === undefined ? undefined : textIn(body, "model")
    if (body === undefined || model === undefined || model === "")
      return { rejection: invalidParameter("The parameter model is required.") }
    const { input, parameters = {} } = body
    const path = request.params["service"] ?? ""
    const service = Object.hasOwn(services, path) ? services[path] : undefined
    if (service === undefined || !service.models.test(model)) return { rejection: unknownModel() }
    const isAsynchronous = request.headers["x-dashscope-async"] === "enable"
    if (isAsynchronous === (service.isSynchronous === true)) {
      const message = `current user api does not support ${isAsynchronous ? "a" : ""}synchronous calls.`
      return { rejection: dashscopeError(403, "AccessDenied", message) }
    }
    if (!isRecord(input) || !isRecord(parameters) || service.required.every((name) => !(name in input)))
      return { rejection: invalidParameter(`The input requires ${service.required.join(" or ")}.`) }
    const rejection = problemOf(request, input, model)
    if (rejection !== undefined) return { rejection }
    const { kind, form = model.includes("s2v") ? "s2v" : undefined } = service
    return {
      body,
      task: {
        kind,
        model,
        ...promptOf(input),
        ...(kind === "image" && { media: Array.from({ length: countOf(parameters) }, () => "png" as const) }),
        data: { ...parameters, path, ...(form !== undefined && { service: form }) }
      },
      accepted: (created) =>
        service.isSynchronous === true
          ? respondAtEnd(created, Number.MAX_SAFE_INTEGER, (task, now) => resultAt(context, task, now))
          : jsonResponse(200, {
              request_id: randomUUID(),
              output: { task_id: created.id, task_status: "PENDING" }
            })
    }
  }
})

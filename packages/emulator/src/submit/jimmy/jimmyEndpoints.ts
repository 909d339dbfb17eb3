/**
 * Jimmy AI's endpoints other than queries, below `/api/open-api/v1`.
 *
 * Documented: the create paths and their models, `{ code, msg, data }` with the codes 20000, 20001, 20002 and -1, the
 * words for an unknown model, for a bad parameter and for a wrong path, the upload with its limit and types, and the
 * two balances (docs.jimmyai.cn and the vendor's own skills repository). Invented, since the vendor does not document
 * it: HTTP 200 for every error, the field that an error names, the error without credit, and the entries of the catalog
 * except `model_type`.
 */
import { jsonResponse, statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { parseObject } from "../../json.ts"
import type { EmulatorRequest } from "../../vendors/VendorFormat.ts"
import { parameter } from "../../vendors/VendorFormat.ts"
import { problemIn, promptIn, textIn } from "../bodyFields.ts"
import type { BodyFields } from "../bodyFields.ts"
import type { EndpointContext, PlainEndpoint, ServiceEndpoints, SubmitEndpoint } from "../VendorEndpoint.ts"
import { mebibyte } from "../VendorEndpoint.ts"
import { jimmyModels, jimmyTools } from "./jimmyModels.ts"
import type { JimmyModel } from "./JimmyModel.ts"

const prefix = "/api/open-api/v1"

const success = (data: unknown): WireResponse => jsonResponse(200, { code: "20000", msg: "ok", data })

const failure = (code: string, msg: string): WireResponse => jsonResponse(200, { code, msg, data: null })

const invalid = (problem: string): WireResponse => failure("20002", problem)

const fieldsAt = ({ fields }: JimmyModel, path: string): BodyFields | undefined =>
  "required" in fields ? (fields as BodyFields) : fields[path]

const validate = (path: string, body: Readonly<Record<string, unknown>>): string | undefined => {
  const model = textIn(body, "model")
  if (jimmyTools.includes(path)) return undefined
  if (model === undefined || model === "") return "model is required"
  const known = jimmyModels.find(({ pattern }) => pattern.test(model))
  if (known === undefined) return "配置不存在"
  if (!known.paths.includes(path)) {
    return `model ${model} 请改用 POST ${prefix}${known.paths[0]}，勿使用 ${path}`
  }
  const fields = fieldsAt(known, path)
  const problem = fields && problemIn(body, fields)
  return problem === undefined ? undefined : `不支持的模型参数: ${problem}`
}

const submit = (path: string): SubmitEndpoint => ({
  purpose: "submit",
  // Images can be base64, whose limit is not documented.
  maxBodySize: 64 * mebibyte,
  parse: (request, { now }) => {
    const body = parseObject(request.body)
    const problem = body === undefined ? "The body must be a JSON object." : validate(path, body)
    if (body === undefined || problem !== undefined) return { rejection: invalid(problem ?? "") }
    const model = textIn(body, "model")
    return {
      body,
      task: {
        kind: path === "/images" ? "image" : "video",
        ...(model && { model }),
        ...promptIn(body)
      },
      accepted: (task) =>
        success({
          task_id: task.id,
          status: "queued",
          model: task.model,
          created_at: Math.floor(now / 1000)
        })
    }
  }
})

const mediaTypes: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
  svg: "image/svg+xml",
  mp4: "video/mp4",
  mov: "video/quicktime",
  avi: "video/x-msvideo",
  webm: "video/webm",
  mkv: "video/x-matroska",
  m4v: "video/x-m4v",
  flv: "video/x-flv",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  aac: "audio/aac",
  m4a: "audio/mp4",
  flac: "audio/flac",
  ogg: "audio/ogg"
}

/** Documented: 100 MB. */
const maxUploadSize = 100 * mebibyte

const extensionOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1).toLowerCase()

const upload: PlainEndpoint = {
  purpose: "upload",
  access: "key",
  maxBodySize: maxUploadSize + mebibyte,
  respond: ({ form }: EmulatorRequest, { uploads, caller }: EndpointContext) => {
    const file = form?.get("file")
    if (file === undefined || file === null || typeof file.content === "string")
      return invalid("file is required")
    const mediaType = mediaTypes[extensionOf(file.name)]
    if (mediaType === undefined) return invalid(`The file type of ${file.name} is not supported.`)
    if (file.content.length > maxUploadSize) return invalid("The file is larger than 100 MB.")
    const { name, content } = file
    const { url, size } = uploads.add({ service: "jimmy", apiKey: caller.apiKey, name, mediaType, content })
    return jsonResponse(200, {
      code: 20_000,
      msg: "ok",
      data: { url, filename: name, size, mime_type: mediaType }
    })
  }
}

const account = (
  respond: (context: EndpointContext, request: EmulatorRequest) => WireResponse,
  access: PlainEndpoint["access"] = "key"
): PlainEndpoint => ({
  purpose: "account",
  access,
  maxBodySize: mebibyte,
  respond: (request, context) => respond(context, request)
})

const catalogEntries = [
  { model_name: "gpt-image-2", model_type: "image", billing_type: "per_task" },
  { model_name: "sora2-12s", model_type: "video", billing_type: "per_task" },
  { model_name: "veo_3_1_fast", model_type: "video", billing_type: "per_task" },
  { model_name: "Gemini-Omini", model_type: "video", billing_type: "per_second" },
  { model_name: "seedance2.0-sp", model_type: "video", billing_type: "per_million_tokens" }
]

const accountEndpoints: Readonly<Record<string, PlainEndpoint>> = {
  [`POST ${prefix}/files/upload`]: upload,
  [`GET ${prefix}/user/balance`]: account(({ balance }) =>
    jsonResponse(200, {
      code: 20_000,
      data: { balance: balance.granted, used_coin: balance.used, available: balance.granted - balance.used }
    })
  ),
  [`GET ${prefix}/key/balance`]: account(({ balance }) =>
    jsonResponse(200, {
      code: 20_000,
      data: {
        name: "emulator",
        total_quota: balance.granted,
        used_quota: balance.used,
        available_quota: balance.granted - balance.used,
        unlimited: false
      }
    })
  ),
  "GET /api/openapi/model/catalog": account((_, { search }) => {
    const term = parameter(search, "search") ?? ""
    const list = catalogEntries.filter(({ model_name: name }) => name.includes(term))
    return jsonResponse(200, { code: 20_000, msg: "ok", data: { list } })
  }, "self")
}

const submitPaths = new Set([...jimmyModels.flatMap(({ paths }) => paths), ...jimmyTools])

/** Jimmy AI's endpoints. */
export const jimmyEndpoints: ServiceEndpoints = {
  service: "jimmy",
  errors: {
    unauthorized: () => failure("20001", "Invalid API key"),
    rateLimited: ({ retryAfter }) => ({
      ...jsonResponse(
        429,
        { code: "-1", msg: "Too many requests", data: null },
        { "retry-after": String(retryAfter) }
      )
    }),
    tooManyActive: () => jsonResponse(429, { code: "-1", msg: "Too many active tasks", data: null }),
    noCredit: () => invalid("余额不足"),
    error: (status, code = status < 500 ? "20002" : "-1") =>
      jsonResponse(status, { code, msg: statusTextOf(status), data: null })
  },
  find: ({ method, path }) => {
    const plain = accountEndpoints[`${method} ${path}`]
    if (plain !== undefined) return plain
    const route = path.startsWith(prefix) ? path.slice(prefix.length) : ""
    return method === "POST" && submitPaths.has(route) ? submit(route) : undefined
  }
}

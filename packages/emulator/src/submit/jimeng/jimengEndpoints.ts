/**
 * Jimeng's submits: `Action=CVSync2AsyncSubmitTask`, and `CVSubmitTask` for OmniHuman, on relays and on the origin.
 *
 * Documented: the bodies and limits (volcengine.com/docs/85621), the response of the origin, its codes with `data: null`
 * (also 50429 and 50430 at submit), the response of relays (octopusx.ai, deepwl.net), and the unsigned callback of image
 * 4.6 and dreamactor 2.0. Used for relays as well, although it is documented for the origin only: every error. Invented:
 * the text after `Input invalid for this service.`, and that requests with a bearer token to the path `/` get the
 * origin's form.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { isRecord, parseJson, parseObject } from "../../json.ts"
import {
  envelope,
  errorEnvelope,
  jimengPaths,
  originError,
  originMessages
} from "../../vendors/jimengCodes.ts"
import type { EmulatorRequest, VendorFormat } from "../../vendors/VendorFormat.ts"
import { parameter } from "../../vendors/VendorFormat.ts"
import { statusTextOf } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import { problemIn, promptIn, textIn } from "../bodyFields.ts"
import type { ParsedSubmit, ServiceEndpoints, SubmitEndpoint } from "../VendorEndpoint.ts"
import { mebibyte } from "../VendorEndpoint.ts"
import { jimengService } from "./reqKeys.ts"
import type { JimengService } from "./reqKeys.ts"

const actions: ReadonlySet<string | undefined> = new Set(["CVSync2AsyncSubmitTask", "CVSubmitTask"])

const isFromOrigin = ({ path, headers }: EmulatorRequest): boolean =>
  path === "/" || (headers.authorization ?? "").startsWith("HMAC-SHA256")

const accepted = (task: EmulatedTask, fromOrigin: boolean): WireResponse =>
  envelope(200, {
    code: 10_000,
    data: fromOrigin ? { task_id: task.id } : { task_id: task.id, status: "submitted" },
    message: "Success",
    elapsed: fromOrigin ? "104.852309ms" : "35.381µs"
  })

/** The body of a callback. Documented: the id is at the top level, and a failure has `data: { resp_data: "" }`. */
const callbackBody =
  (format: VendorFormat) =>
  (task: EmulatedTask, now: number): unknown => {
    const query = { taskId: task.id, returnUrl: true, ...(task.reqKey !== null && { reqKey: task.reqKey }) }
    const { body } = format.respond(task, now, query)
    const result = parseJson(typeof body === "string" ? body : "{}")
    if (!isRecord(result)) return result
    return { ...result, task_id: task.id, data: result["data"] ?? { resp_data: "" } }
  }

const findService = (reqKey: string | undefined, action: string | undefined): JimengService | undefined => {
  const service = reqKey === undefined ? undefined : jimengService(reqKey)
  return service?.action === action ? service : undefined
}

const submit = (format: VendorFormat): SubmitEndpoint => ({
  purpose: "submit",
  // Two images of 4.7 MB in base64.
  maxBodySize: 16 * mebibyte,
  parse: (request): ParsedSubmit | { readonly rejection: WireResponse } => {
    const body = parseObject(request.body)
    if (body === undefined) return { rejection: originError(50_215, "The body must be a JSON object.") }
    const reqKey = textIn(body, "req_key")
    const service = findService(reqKey, parameter(request.search, "Action"))
    if (service === undefined || reqKey === undefined) return { rejection: originError(50_204) }
    const problem = problemIn(body, service.fields)
    if (problem !== undefined) return { rejection: originError(50_215, problem) }
    const fromOrigin = isFromOrigin(request)
    const model = textIn(body, "model")
    const url = service.hasCallback === true ? textIn(body, "callback_url") : undefined
    return {
      body,
      task: {
        kind: service.kind,
        reqKey,
        ...promptIn(body),
        ...(model && { model }),
        ...(fromOrigin && { dialect: "volcengine" })
      },
      callback: url === undefined ? undefined : { url, body: callbackBody(format) },
      accepted: (task) => accepted(task, fromOrigin)
    }
  }
})

/** Jimeng's submit endpoints. `format` is its query side. */
export const jimengEndpoints = (format: VendorFormat): ServiceEndpoints => {
  const endpoint = submit(format)
  const { authenticateSignature } = format
  return {
    service: "jimeng",
    ...(authenticateSignature && { authenticateSignature }),
    errors: {
      unauthorized: format.unauthorized,
      rateLimited: () => originError(50_429),
      tooManyActive: () => originError(50_430),
      noCredit: () => originError(50_400),
      error: (status, errorCode) => {
        const code = Number(errorCode ?? (status === 429 ? 50_430 : status === 500 ? 50_500 : status))
        return errorEnvelope(status, code, originMessages[code] ?? statusTextOf(status))
      }
    },
    find: ({ method, path, search }) =>
      method === "POST" && jimengPaths.has(path) && actions.has(parameter(search, "Action"))
        ? endpoint
        : undefined
  }
}

/** Turns requests into responses, without I/O. */
import { controlPrefix } from "./ControlApi.ts"
import type { ControlApi } from "./ControlApi.ts"
import type { EarlyRetryDetector } from "./EarlyRetryDetector.ts"
import type { AssignedLinkFault } from "./faults/AssignedLinkFault.ts"
import type { FaultInjector } from "./faults/FaultInjector.ts"
import type { MediaHandler } from "./MediaHandler.ts"
import type { RateLimiter } from "./RateLimiter.ts"
import type { RateMeter } from "./RateMeter.ts"
import type { LogEntry, RequestLog } from "./RequestLog.ts"
import { scriptedResponseTo } from "./scriptedResponse.ts"
import { linkFaultParameter, parseMarker } from "./LinkPath.ts"
import { isModuleName } from "./vendors/vendorNames.ts"
import type { ModuleName, Vendor } from "./vendors/vendorNames.ts"
import type { TaskStore } from "./TaskStore.ts"
import type { RequestedDownload, SubmitHandler } from "./submit/SubmitHandler.ts"
import type { UploadStore } from "./submit/UploadStore.ts"
import { parseBearerToken } from "./vendors/VendorFormat.ts"
import { stateAt } from "./TaskState.ts"
import type { TaskView } from "./TaskView.ts"
import type { Caller, EmulatorRequest, VendorFormat } from "./vendors/VendorFormat.ts"
import { jsonResponse } from "./WireResponse.ts"
import type { WireResponse } from "./WireResponse.ts"

/** The parts of an emulator that take part in its responses. */
export interface RequestHandlerParts {
  /** The accepted API keys. */
  readonly apiKeys: ReadonlySet<string>
  /** The wire formats. */
  readonly formats: readonly VendorFormat[]
  /** The tasks. */
  readonly store: TaskStore
  /** The rate limits. */
  readonly limiter: RateLimiter
  /** The query rates. */
  readonly rates: RateMeter
  /** The request log. */
  readonly log: RequestLog
  /** The files behind links. */
  readonly media: MediaHandler
  /** The control API. */
  readonly control: ControlApi
  /** The faults. */
  readonly faults: FaultInjector
  /** The early retries. */
  readonly earlyRetries: EarlyRetryDetector
  /** The submits. */
  readonly submitHandler: SubmitHandler
  /** The uploaded files. */
  readonly uploads: UploadStore
}

/** A response, and what is logged with it. */
interface HandledRequest {
  readonly response: WireResponse
  readonly purpose: LogEntry["purpose"]
  readonly vendor: Vendor | null
  readonly taskId: string | null
  readonly apiKey?: string
  readonly fault?: LogEntry["fault"] | undefined
}

const unknownPath = ({ method, path }: EmulatorRequest): HandledRequest => ({
  purpose: "unknown",
  vendor: null,
  taskId: null,
  response: jsonResponse(404, { error: `No vendor has the endpoint ${method} ${path}.` })
})

/** Creates the function that turns requests into responses. */
export const makeRequestHandler = (
  parts: RequestHandlerParts
): ((request: EmulatorRequest) => WireResponse) => {
  const { apiKeys, formats, store, limiter, rates, log, faults, earlyRetries } = parts

  const respondToQuery = (
    format: VendorFormat,
    request: EmulatorRequest
  ): Omit<HandledRequest, "purpose" | "vendor"> => {
    const parsed = format.parse(request)
    if ("problem" in parsed) return { response: format.malformed(parsed.problem), taskId: null }
    const { query } = parsed
    const { taskId } = query
    const task = store.get(format.vendor, taskId)
    if (task === undefined || format.matchesTask?.(task, query) === false) {
      return { response: format.unknownTask(taskId), taskId }
    }
    const index = store.countPoll(task)
    const now = Date.now()
    if (now < task.addedAt + task.hiddenFor) {
      return { response: format.notVisibleYet?.(task) ?? format.unknownTask(taskId), taskId }
    }
    const scripted = scriptedResponseTo(index, task.responses)
    const respondAs = (view: TaskView, at: number): WireResponse => format.respond(view, at, query)
    const respond = (
      assignLinkFault: () => AssignedLinkFault | undefined,
      view: TaskView,
      at: number
    ): WireResponse => {
      if (scripted !== undefined) return scripted
      const linkFault = assignLinkFault()
      return respondAs(linkFault === undefined ? view : { ...view, linkFault }, at)
    }
    return { ...faults.query({ task, format, now, index, respond, respondAs }), taskId }
  }

  const authenticate = (format: VendorFormat, request: EmulatorRequest): Caller => {
    const signer = format.authenticateSignature?.(request, Date.now())
    if (signer !== undefined) return signer
    const apiKey = parseBearerToken(request.headers.authorization)
    return apiKeys.has(apiKey) ? { apiKey } : { apiKey, rejection: format.unauthorized(request) }
  }

  const handleQuery = (format: VendorFormat, request: EmulatorRequest, at: number): HandledRequest => {
    const { apiKey, rejection } = authenticate(format, request)
    const handled = { purpose: "query", vendor: format.vendor, taskId: null, apiKey } as const
    rates.count(format.vendor, apiKey, at)
    if (rejection !== undefined) return { ...handled, response: rejection }
    const rateLimitRejection = limiter.check(format.vendor, apiKey, at)
    if (rateLimitRejection !== undefined) {
      return { ...handled, response: format.rateLimited(rateLimitRejection) }
    }
    return { ...handled, ...respondToQuery(format, request) }
  }

  const handleMedia = (request: EmulatorRequest): HandledRequest => {
    const { headers } = request
    const pathAndQuery = `${request.path}?${request.search}`
    const lookup = parts.media.lookUp(pathAndQuery, Date.now())
    if (lookup.state === "rejected") {
      const { vendor = null, taskId = null } = lookup.owner ?? {}
      return { purpose: "media", vendor, taskId, response: lookup.response }
    }
    const { vendor, target, serve } = lookup
    const { taskId } = target
    const task = store.get(vendor, taskId)
    const served =
      task === undefined
        ? { response: serve(headers) }
        : faults.media({ ...lookup, task, headers, pathAndQuery })
    return { purpose: "media", vendor, taskId, apiKey: parseBearerToken(headers.authorization), ...served }
  }

  const handleDownload = (request: EmulatorRequest, download: RequestedDownload): HandledRequest => {
    const { vendor, apiKey, target: found, notFound } = download
    const handled = { purpose: "media", vendor, taskId: null, apiKey } as const
    if ("rejection" in found) return { ...handled, response: found.rejection }
    const { taskId, file } = found
    const task = store.get(vendor, taskId)
    const { headers, host, path, search } = request
    const marker = parseMarker(new URLSearchParams(search).get(linkFaultParameter))
    const target = { taskId, file, marker, size: task?.mediaSize ?? undefined }
    const serve = parts.media.open(target)
    const now = Date.now()
    const state = task && stateAt(task, now)
    if (task === undefined || serve === undefined || state?.phase !== "succeeded") {
      return { ...handled, taskId, response: notFound() }
    }
    const expiresAt = state.endedAt + task.linkLifetime
    if (now >= expiresAt) return { ...handled, taskId, response: notFound() }
    const pathAndQuery = `/${host ?? ""}${path}${search === "" ? "" : `?${search}`}`
    return {
      ...handled,
      taskId,
      ...faults.media({ task, vendor, target, expiresAt, serve, headers, pathAndQuery })
    }
  }

  const handleModule = (name: ModuleName, request: EmulatorRequest, at: number): HandledRequest => {
    const endpoint = parts.submitHandler.handle(request)
    if (endpoint !== undefined) {
      return endpoint.purpose === "download" ? handleDownload(request, endpoint) : endpoint
    }
    const format = formats.find(({ vendor }) => vendor === name)
    return format?.matches(request.method, request.path) === true
      ? handleQuery(format, request, at)
      : unknownPath(request)
  }

  const handle = (request: EmulatorRequest, at: number): HandledRequest => {
    const { method, path, host } = request
    if (isModuleName(host)) return handleModule(host, request, at)
    if (path.startsWith("/media/") && (method === "GET" || method === "HEAD")) return handleMedia(request)
    const upload = parts.uploads.handle(request)
    if (upload !== undefined) {
      return { purpose: method === "GET" ? "media" : "upload", vendor: null, taskId: null, response: upload }
    }
    const submit = parts.submitHandler.handle(request)
    if (submit !== undefined) {
      return submit.purpose === "download" ? handleDownload(request, submit) : submit
    }
    const format = formats.find((each) => !isModuleName(each.vendor) && each.matches(method, path))
    return format === undefined ? unknownPath(request) : handleQuery(format, request, at)
  }

  return (request) => {
    if (request.path.startsWith(controlPrefix)) return parts.control(request)
    const at = performance.now()
    const { response, purpose, vendor, taskId, apiKey = "", fault = null } = handle(request, at)
    const { method, path, search, headers, body } = request
    if (vendor !== null && (purpose === "query" || purpose === "media" || purpose === "submit")) {
      earlyRetries.add({ purpose, vendor, taskId, apiKey, at, response })
    }
    log.add({
      method,
      path,
      search,
      headers,
      body,
      purpose,
      vendor,
      taskId,
      at,
      status: response.status,
      fault
    })
    return response
  }
}

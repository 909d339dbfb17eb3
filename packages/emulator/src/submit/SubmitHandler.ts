/** Handles submits, uploads and requests for account data. */
import { vendorOf } from "../vendors/vendorNames.ts"
import type { Service, Vendor } from "../vendors/vendorNames.ts"
import type { Caller, EmulatorRequest, RequestHead } from "../vendors/VendorFormat.ts"
import { isModuleName } from "../vendors/vendorNames.ts"
import { parseBearerToken } from "../vendors/VendorFormat.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { ServiceState } from "./ServiceState.ts"
import type { SubmitFaultName } from "./SubmitFault.ts"
import type { ReceivedSubmit, SubmitLog } from "./SubmitLog.ts"
import type { SubmitScript } from "./SubmitScript.ts"
import type { UploadStore } from "./UploadStore.ts"
import type {
  EndpointContext,
  EndpointRequest,
  ServiceEndpoints,
  SubmitEndpoint,
  VendorEndpoint
} from "./VendorEndpoint.ts"
import { makeSubmitProcessor, requestIdHeader } from "./SubmitProcessor.ts"
import type { Submission, SubmitProcessorParts, SubmitResult } from "./SubmitProcessor.ts"

/** The parts of an emulator that take part in submits. */
export interface SubmitHandlerParts extends SubmitProcessorParts {
  /** The accepted API keys. */
  readonly apiKeys: ReadonlySet<string>
  /** The endpoints of all services. */
  readonly endpoints: readonly ServiceEndpoints[]
  /** The received submits. */
  readonly submits: SubmitLog
  /** The uploaded files. */
  readonly uploads: UploadStore
  /** The states of all services. */
  readonly states: Readonly<Record<Service, ServiceState>>
}

/** A response, and what is logged with it. */
export interface HandledSubmit {
  /** The response. */
  readonly response: WireResponse
  /** What the request was for. */
  readonly purpose: Exclude<VendorEndpoint["purpose"], "download">
  /** The vendor of the path. */
  readonly vendor: Vendor
  /** The bearer token, or the id of the access key. Empty if absent. */
  readonly apiKey: string
  /** The task of the request, or null. */
  readonly taskId: string | null
  /** The fault that was applied. */
  readonly fault: SubmitFaultName | undefined
}

/** A valid request for a file of a task, which is still to be served. */
export interface RequestedDownload {
  /** What the request was for. */
  readonly purpose: "download"
  /** The vendor of the path. */
  readonly vendor: Vendor
  /** The API key. */
  readonly apiKey: string
  /** The task and the name of its file, or the response without one. */
  readonly target: { readonly taskId: string; readonly file: string } | { readonly rejection: WireResponse }
  /** The response if the task has no such file. */
  readonly notFound: () => WireResponse
}

/** Handles submits, uploads and requests for account data. */
export interface SubmitHandler {
  /** The largest body of a request in bytes. Undefined if no endpoint matches. */
  readonly maxBodySize: (request: EndpointRequest) => number | undefined
  /** Whether the connection of a request is to be reset before its body is read. */
  readonly takesReset: (head: RequestHead) => boolean
  /** Handles a request. Undefined if no endpoint matches. */
  readonly handle: (request: EmulatorRequest) => HandledSubmit | RequestedDownload | undefined
  /** Replaces fields of a service's script. @throws {TaskScriptError} If one is invalid. */
  readonly configure: (service: Service, script: SubmitScript) => void
}

const keyOf = (endpoint: SubmitEndpoint, { headers }: RequestHead): string | null => {
  const value = endpoint.idempotencyHeader && headers[endpoint.idempotencyHeader]
  return typeof value === "string" && value !== "" ? value : null
}

/** Creates the handler. */
export const makeSubmitHandler = (parts: SubmitHandlerParts): SubmitHandler => {
  const { apiKeys, callbacks, endpoints, states, store, submits, uploads } = parts
  const process = makeSubmitProcessor(parts)

  const find = (request: EndpointRequest) => {
    for (const service of endpoints) {
      // The paths of a vendor with a base URL of its own can be those of another one.
      const isModule = isModuleName(service.service) || isModuleName(request.host)
      const endpoint = isModule && service.service !== request.host ? undefined : service.find(request)
      if (endpoint !== undefined) return { service, endpoint }
    }
    return undefined
  }

  const authenticate = (service: ServiceEndpoints, request: EmulatorRequest): Caller => {
    const signer = service.authenticateSignature?.(request, Date.now())
    if (signer !== undefined) return signer
    const apiKey = parseBearerToken(request.headers.authorization)
    return apiKeys.has(apiKey) ? { apiKey } : { apiKey, rejection: service.errors.unauthorized() }
  }

  const log = (
    { service }: ServiceEndpoints,
    { path, search, headers }: RequestHead,
    result: Pick<
      ReceivedSubmit,
      "apiKey" | "body" | "idempotencyKey" | "taskId" | "created" | "status" | "fault" | "requestId"
    >
  ): void => submits.add({ service, path, search, headers, at: Date.now(), ...result })

  const handleSubmit = (
    service: ServiceEndpoints,
    endpoint: SubmitEndpoint,
    request: EmulatorRequest,
    context: EndpointContext
  ): HandledSubmit => {
    const { finish = (response) => response } = service
    const { apiKey, rejection } = context.caller
    const key = keyOf(endpoint, request)
    const submission: Submission = { service, state: states[service.service], request, context, key }
    const result: SubmitResult =
      rejection === undefined ? process(submission, endpoint) : { response: finish(rejection) }
    const { response, task, created = false, fault, requestId = response.headers[requestIdHeader] } = result
    log(service, request, {
      apiKey,
      body: request.body,
      idempotencyKey: key,
      taskId: task?.id ?? null,
      created,
      status: response.delivery?.stop?.at === "headers" ? 0 : response.status,
      fault: fault ?? null,
      requestId: requestId ?? null
    })
    return {
      response,
      purpose: "submit",
      vendor: vendorOf(service.service),
      apiKey,
      taskId: task?.id ?? null,
      fault
    }
  }

  return {
    maxBodySize: (request) => find(request)?.endpoint.maxBodySize,
    takesReset: (head) => {
      const found = find(head)
      if (found?.endpoint.purpose !== "submit") return false
      const state = states[found.service.service]
      const fault = state.takeFault((each) => each.fault === "reset-unread")
      if (fault === undefined) return false
      log(found.service, head, {
        apiKey: found.service.readKey?.(head) ?? parseBearerToken(head.headers.authorization),
        body: "",
        idempotencyKey: keyOf(found.endpoint, head),
        taskId: null,
        created: false,
        status: 0,
        fault: fault.fault,
        requestId: null
      })
      return true
    },
    handle: (request) => {
      const found = find(request)
      if (found === undefined) return undefined
      const { service, endpoint } = found
      const state = states[service.service]
      const caller = authenticate(service, request)
      const vendor = vendorOf(service.service)
      const context: EndpointContext = {
        now: Date.now(),
        caller,
        script: state.script(),
        balance: state.balance(caller.apiKey),
        uploads,
        submits,
        tasks: store.all,
        task: (id) => {
          const task = store.get(vendor, id)
          return task === undefined || Date.now() < task.addedAt + task.hiddenFor ? undefined : task
        },
        endTask: (task, end) => {
          const hasChanged = store.end(task, end, Date.now())
          if (hasChanged) callbacks.taskEnded(task)
          return hasChanged
        },
        removeTask: (task) => {
          store.remove(task.vendor, task.id)
        }
      }
      if (endpoint.purpose === "submit") return handleSubmit(service, endpoint, request, context)
      const { finish = (response) => response } = service
      const rejection = endpoint.access === "key" ? caller.rejection : undefined
      if (endpoint.purpose === "download") {
        const target = rejection === undefined ? endpoint.resolve(request, context) : { rejection }
        return {
          purpose: "download",
          vendor,
          apiKey: caller.apiKey,
          target,
          notFound: () => service.errors.error(404)
        }
      }
      return {
        response: finish(rejection ?? endpoint.respond(request, context)),
        purpose: endpoint.purpose,
        vendor,
        apiKey: caller.apiKey,
        taskId: endpoint.taskId?.(request) ?? null,
        fault: undefined
      }
    },
    configure: (service, script) => states[service].configure(script)
  }
}

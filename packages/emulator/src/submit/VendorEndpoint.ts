/** The interface of vendors' endpoints other than queries: submits, uploads and account data. */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { RateLimitRejection } from "../RateLimiter.ts"
import type { TaskScript } from "../TaskScript.ts"
import type { Caller, EmulatorRequest } from "../vendors/VendorFormat.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { SubmitLog } from "./SubmitLog.ts"
import type { Service } from "../TaskScript.ts"
import type { SubmitScript } from "./SubmitScript.ts"
import type { UploadStore } from "./UploadStore.ts"

/** The errors of a service in its own form. */
export interface ServiceErrors {
  /** The response to an invalid API key. */
  readonly unauthorized: () => WireResponse
  /** The response to a submit above a rate limit. */
  readonly rateLimited: (rejection: RateLimitRejection) => WireResponse
  /** The response to a submit above the limit of active tasks. */
  readonly tooManyActive: () => WireResponse
  /** The response to a submit that the account cannot pay for. */
  readonly noCredit: () => WireResponse
  /** An error with this HTTP status. `retryAfter` is in seconds. */
  readonly error: (status: number, code?: number | string, retryAfter?: number) => WireResponse
}

/** A callback that a request requires. */
export interface RequestedCallback {
  /** Where the callback is sent. */
  readonly url: string
  /** The body, at `now` in milliseconds since 1970. */
  readonly body: (task: EmulatedTask, now: number) => unknown
  /** Whether the vendor can sign the callback and retries it. */
  readonly isSigned: boolean
}

/** A valid submit. */
export interface ParsedSubmit {
  /** The fields of the new task that the request determines. */
  readonly task: Pick<TaskScript, "id" | "kind" | "model" | "prompt" | "dialect" | "reqKey" | "media">
  /** The body of the request. */
  readonly body: unknown
  /** The callback, if the request contains one. */
  readonly callback?: RequestedCallback | undefined
  /** The response that accepts the task. */
  readonly accepted: (task: EmulatedTask) => WireResponse
}

/** The parts of the emulator that an endpoint can read and change. */
export interface EndpointContext {
  /** When the request arrived, in milliseconds since 1970. */
  readonly now: number
  /** The sender of the request. */
  readonly caller: Caller
  /** The submit script of the service. */
  readonly script: SubmitScript
  /** The credit of the caller, and what it has spent. */
  readonly balance: { readonly granted: number; readonly used: number }
  /** The uploaded files. */
  readonly uploads: UploadStore
  /** The received submits. */
  readonly submits: SubmitLog
  /** Returns all tasks. */
  readonly tasks: () => readonly EmulatedTask[]
}

/** An endpoint that creates tasks. */
export interface SubmitEndpoint {
  /** What the endpoint is for. */
  readonly purpose: "submit"
  /** The largest body in bytes. */
  readonly maxBodySize: number
  /** The header with the idempotency key, in lower case. Absent if the vendor documents none. */
  readonly idempotencyHeader?: string
  /** Validates the request. Returns the vendor's error if it is invalid. */
  readonly parse: (
    request: EmulatorRequest,
    context: EndpointContext
  ) => ParsedSubmit | { readonly rejection: WireResponse }
}

/** An endpoint that creates no task. */
export interface PlainEndpoint {
  /** What the endpoint is for. */
  readonly purpose: "upload" | "account"
  /** The largest body in bytes. */
  readonly maxBodySize: number
  /** How the sender is authenticated. `key` is the API key; `self` leaves it to `respond`. */
  readonly access: "key" | "self"
  /** The response. */
  readonly respond: (request: EmulatorRequest, context: EndpointContext) => WireResponse
}

/** An endpoint of a vendor other than its query. */
export type VendorEndpoint = SubmitEndpoint | PlainEndpoint

/** What selects an endpoint. */
export type EndpointRequest = Pick<EmulatorRequest, "method" | "path" | "search" | "host">

/** The endpoints of one service. */
export interface ServiceEndpoints {
  /** The service. */
  readonly service: Service
  /** Its errors. */
  readonly errors: ServiceErrors
  /** Checks the signature of a request. Returns undefined if it is not signed. Absent if the service has no signatures. */
  readonly authenticateSignature?: (request: EmulatorRequest, now: number) => Caller | undefined
  /** Changes every response, for example to add headers. */
  readonly finish?: (response: WireResponse) => WireResponse
  /** Returns the endpoint of a request, if the service has it. */
  readonly find: (request: EndpointRequest) => VendorEndpoint | undefined
}

/** Bytes in a mebibyte. */
export const mebibyte = 1_048_576
